"""The verb export, of models and of graphs; every verb has a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kgtransfer import cli

CROW = '<http://e/Crow> <http://www.w3.org/2000/01/rdf-schema#label> "crow" .\n'


def test_no_two_verbs_have_one_name() -> None:
    names = [
        command.name or command.callback.__name__
        for group in cli.app.registered_groups
        for command in group.typer_instance.registered_commands
        if command.callback
    ]
    assert len(names) > 15
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_an_ontology_is_written_in_a_syntax(
    here: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "crow.nt"
    file.write_text(CROW, encoding="utf-8")
    assert here("export", file, "--format", "ntriples")[:2] == (0, CROW)
    status, _, error = here("export", file, "--to", "onnx", "--out", tmp_path / "model")
    assert (status, "is no run" in error) == (2, True)


def test_a_model_wants_a_folder(here: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    status, _, error = here("export", tmp_path)
    assert (status, "--out" in error) == (2, True)
