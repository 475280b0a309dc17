"""Runs over nodes after an edit of what is known of attributes and classes."""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.config import read_config
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.nodes.config import GraphControlConfig
from kgtransfer.nodes.features.blocks import NodeBlocks
from kgtransfer.nodes.heads import kept_fits
from kgtransfer.retraining.loop import once
from kgtransfer.runs.folder import verify

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PREFIXES = """
@prefix att: <https://w3id.org/kgtransfer/attributes#> .
@prefix e: <http://example.org/shells#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SHELLS = """
e:Snail a att:NodeClass ; rdfs:label "snail" .
e:Mussel a att:NodeClass ; rdfs:label "mussel" .
e:Turns a att:NodeAttribute ; rdfs:label "turns" ; att:highIn e:Snail ; att:lowIn e:Mussel .
"""
WEIGHT = 'e:Weight a att:NodeAttribute ; rdfs:label "weight" ; att:highIn e:Snail .\n'
ATOMS = 'e:A a att:NodeClass ; rdfs:label "phys a" ; rdfs:comment "Cold atoms and light." .\n'
CRYSTALS = 'e:B a att:NodeClass ; rdfs:label "phys b" ; rdfs:comment "Crystals and magnets." .\n'
WORDS = ("quantum state", "laser cooling", "photon", "magnetism", "semiconductor", "crystal")


def train(place: Path, out: Path, *settings: str) -> RunResult:
    toml = ROOT / "pipelines" / "graph_control.toml"
    script = runpy.run_path(str(toml.with_suffix(".py")), run_name="pipeline")
    files = f'ontology.files=["{ROOT / "ontology" / "attributes.ttl"}", "{place / "mine.ttl"}"]'
    config = read_config(toml, GraphControlConfig, [files, "seeds=2", *settings])
    result: RunResult = script["run"](config, out)
    return result


def write(place: Path, *turtle: str) -> None:
    (place / "mine.ttl").write_text("".join([PREFIXES, *turtle]), encoding="utf-8")


def rows_of(result: RunResult, arm: str = "kg") -> list[list[list[float]]]:
    """Scores of an arm in each setting."""
    return [setting.arms[arm].per_sample.tolist() for setting in result.settings.values()]


def shells(place: Path) -> str:
    """Snails turn more and weigh more, by less than it takes to tell them all."""
    rng = np.random.default_rng(0)
    lines = ["id,class,turns,weight"]
    for row in range(200):
        turns, weight = np.array([1.5, 0.7]) * (row % 2) + rng.normal(size=2)
        lines.append(f"s{row},{['mussel', 'snail'][row % 2]},{turns:.3f},{weight:.3f}")
    (place / "shells.csv").write_text("\n".join(lines), encoding="utf-8")
    return f"data.path={place / 'shells.csv'}"


ROWS = ("data.train=0.4", "few_labels=[1]", 'arms=["baseline", "kg", "shuffled"]')


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table, an ontology of it, and a run that learned from both."""
    place = tmp_path_factory.mktemp("table")
    write(place, SHELLS)
    train(place, place / "run", shells(place), *ROWS)
    return place


@pytest.fixture
def ontology(table: Path) -> Iterator[Path]:
    """What people write; each test finds it as it was."""
    yield table / "mine.ttl"
    write(table, SHELLS)


def test_comments_and_order_change_nothing(table: Path, ontology: Path) -> None:
    write(table, "# a comment\n", *reversed(SHELLS.splitlines(keepends=True)))
    news = once(table / "run", None)
    assert news.values == {"nothing_to_do": True}
    assert str(ontology) in news.text


def test_a_level_makes_the_prior_anew_and_comes_to_what_training_from_scratch_does(
    table: Path, ontology: Path, tmp_path: Path
) -> None:
    write(table, SHELLS, WEIGHT)
    plan = once(table / "run", None, dry_run=True).values["plan"]
    assert plan["axioms"] == ["http://example.org/shells#Snail"]
    assert plan["grounding"]["concepts"] == []
    assert plan["models"] == 4
    news = once(table / "run", None, out=tmp_path / "again")
    assert news.run
    verify(table / "run")
    verify(news.run)
    result = RunResult.load(news.run)
    assert [list(setting.arms) for setting in result.settings.values()] == [
        ["kg", "before", "baseline"], ["kg", "before", "baseline", "labels_1"],
    ]  # fmt: skip
    assert rows_of(result, "before") == rows_of(RunResult.load(table / "run"))
    scratch = train(table, tmp_path / "scratch", f"data.path={table / 'shells.csv'}", *ROWS)
    assert rows_of(result) == rows_of(scratch)
    for name in ("model.safetensors", "head.json", "predictions.csv"):
        assert (news.run / name).read_bytes() == (tmp_path / "scratch" / name).read_bytes()
    compared = result.settings["1 label a class"].compare("kg", "before")
    assert compared
    assert compared.difference > 0
    told = once(news.run, None)
    assert told.values == {"nothing_to_do": True}


def test_several_edits_come_to_what_the_last_of_them_does(
    table: Path, ontology: Path, tmp_path: Path
) -> None:
    run = table / "run"
    for number in range(3):
        other = 'e:Turns rdfs:comment "Now this, now that." .' * (number % 2)
        write(table, SHELLS, WEIGHT, f'{other}\ne:Weight rdfs:comment "{number}" .\n')
        news = once(run, None, out=tmp_path / f"edit-{number}")
        assert news.run
        run = news.run
    at_once = once(table / "run", None, out=tmp_path / "at-once").run
    assert at_once
    assert rows_of(RunResult.load(run)) == rows_of(RunResult.load(at_once))
    sizes = [
        sum(file.stat().st_size for file in (place / "kept").iterdir()) for place in (run, at_once)
    ]
    assert sizes[0] == sizes[1]  # what is stale is not carried along


def test_heads_that_read_what_they_read_before_are_not_fitted_again(
    table: Path, ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(table, SHELLS, 'e:Snail rdfs:comment "With a house." .\n')
    monkeypatch.setattr(kept_fits, "fit_softmax", None)  # a call would fail
    monkeypatch.setattr(NodeBlocks, "_conditions", None)
    news = once(table / "run", None, out=tmp_path / "again")
    assert news.run
    assert rows_of(RunResult.load(news.run)) == rows_of(RunResult.load(table / "run"))


def test_what_is_damaged_or_no_longer_there_is_a_clear_error(
    table: Path, ontology: Path, tmp_path: Path
) -> None:
    write(table, SHELLS, WEIGHT)
    run = Path(shutil.copytree(table / "run", tmp_path / "run"))
    file = min((run / "kept").iterdir())
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(RunError, match=file.name):
        once(run, None)
    data = table / "shells.csv"
    text = data.read_text(encoding="utf-8")
    data.write_text(text.replace("s0,mussel", "s0,snail"), encoding="utf-8")
    try:
        with pytest.raises(RunError, match=r"the nodes of .* are not what they were"):
            once(table / "run", None)
    finally:
        data.write_text(text, encoding="utf-8")


def authors(place: Path) -> str:
    """Two communities of authors, and words that each of them has more often."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 80)
    same = labels[:, None] == labels
    pairs = np.triu(rng.random(same.shape) < np.where(same, 0.05, 0.02), 1)
    own = labels[:, None] == (np.arange(len(WORDS)) >= 3)
    words = rng.random(own.shape) < np.where(own, 0.35, 0.15)
    np.savez(
        place / "authors.npz", edge_index=np.stack(np.nonzero(pairs)), num_nodes=len(labels),
        y=labels, x=words.astype(np.float32), attr_names=np.array(WORDS),
        class_names=np.array(["phys a", "phys b"]),
    )  # fmt: skip
    return f"data.path={place / 'authors.npz'}"


def test_a_graph_keeps_blocks_and_vectors_and_reads_only_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, ATOMS)
    settings = authors(tmp_path), "data.train=0.5", "few_labels=[1]", 'arms=["kg", "baseline"]'
    first = train(tmp_path, tmp_path / "run", *settings)
    write(tmp_path, ATOMS, CRYSTALS)
    plan = once(tmp_path / "run", None, dry_run=True).values["plan"]
    assert plan["readings"] == {"the classes": [1, 2]}
    assert plan["axioms"] == plan["grounding"]["concepts"] == []
    with monkeypatch.context() as patch:
        for name in ("_conditions", "_meaning", "_related"):
            patch.setattr(NodeBlocks, name, None)  # a call would fail
        there = once(tmp_path / "run", None, out=tmp_path / "there").run
    assert there
    scratch = train(tmp_path, tmp_path / "scratch", *settings)
    for ours, theirs in zip(
        RunResult.load(there).settings.values(), scratch.settings.values(), strict=True
    ):
        assert ours.arms["kg"].per_seed == pytest.approx(theirs.arms["kg"].per_seed, abs=0.01)
    write(tmp_path, ATOMS)
    back = once(there, None, out=tmp_path / "back").run
    assert back
    assert rows_of(RunResult.load(back)) == rows_of(first)


def test_a_preset_reads_no_ontology(tmp_path: Path) -> None:
    write(tmp_path, ATOMS)
    train(
        tmp_path, tmp_path / "run", authors(tmp_path), 'arms=["baseline"]', "seeds=1",
        "method.preset=graphcontrol-2024", "data.train=0.3",
    )  # fmt: skip
    write(tmp_path, ATOMS, CRYSTALS)
    with pytest.raises(RunError, match="the preset graphcontrol-2024 reads no ontology"):
        once(tmp_path / "run", None)
