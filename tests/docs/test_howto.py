"""The how-tos: all of their code runs, and prints what they say that it prints."""

from __future__ import annotations

import runpy
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .pages import run_page

PAGES = ["measure", "conditioner", "score_function", "backbone", "kind"]
MODULES = ("my_measures", "signals")


@pytest.fixture
def folder(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to work in; modules that are imported from it are forgotten afterwards."""
    shutil.copytree(repository / "ontology", tmp_path / "ontology")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))  # trusts nothing yet
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for module in MODULES:
        sys.modules.pop(module, None)


@pytest.mark.parametrize("name", PAGES)
def test_its_code_runs_and_prints_what_it_says(name: str, repository: Path, folder: Path) -> None:
    printed, promised = run_page(repository / "docs" / "howto" / f"{name}.md")
    assert printed == promised
    assert promised


def test_every_page_is_tested(repository: Path) -> None:
    names = {page.stem for page in (repository / "docs" / "howto").glob("*.md")}
    assert names == {*PAGES, "first_domain", "index"}


SMALL = (
    *("seeds=1", "labels_per_class=[1]", "embedding.dim=8", "backbone.weights=random"),
    *("backbone.size=32", "training.steps=0.5"),
)


@pytest.mark.slow
def test_the_first_domain_goes_from_nothing_to_an_edit(
    repository: Path,
    folder: Path,
    here: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = []

    def command(words: list[str]) -> None:
        program, *arguments = words
        if program == "cd":
            monkeypatch.chdir(arguments[0])
        elif program == "python":
            runpy.run_path(arguments[0])
            _keep_few(Path("images"))
        else:
            assert program == "kgtransfer"
            small = [part for setting in SMALL for part in ("--set", setting)]
            status, output, errors = here(*arguments, *(small if arguments[0] == "train" else ()))
            assert status == 0, errors
            said.append((arguments[0], output))

    run_page(repository / "docs" / "howto" / "first_domain.md", command)
    verbs = [verb for verb, _ in said]
    assert verbs == ["new", "check", "suggest", "train", "trust", "predict", "explain", "retrain"]
    outputs = dict(said)
    assert outputs["check"] == "0 violations, 0 warnings, 0 hints\n"
    assert "images/zero/0.png: zero" in outputs["predict"]
    assert Path("runs/first-2/report.html").is_file()


def _keep_few(images: Path) -> None:
    """Leave 16 images of each class, those that the page asks about among them."""
    for label in images.iterdir():
        for image in sorted(label.iterdir(), key=lambda path: int(path.stem))[16:]:
            image.unlink()
