"""What each piece of knowledge was worth to a run over a table, and over a graph."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.config import read_config
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.kinds import kind_of
from kgtransfer.nodes.config import GraphControlConfig
from kgtransfer.nodes.heads import kept_fits
from kgtransfer.runs.folder import verify

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SHELLS = """
@prefix att: <https://w3id.org/kgtransfer/attributes#> .
@prefix e: <http://example.org/shells#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:Snail a att:NodeClass ; rdfs:label "snail" .
e:Mussel a att:NodeClass ; rdfs:label "mussel" .
e:Turns a att:NodeAttribute ; rdfs:label "turns" ; att:highIn e:Snail .
e:Colour a att:NodeAttribute ; rdfs:label "colour" ; att:highIn e:Mussel .
"""
E = "http://example.org/shells#"


def train(out: Path, *settings: str) -> None:
    toml = ROOT / "pipelines" / "graph_control.toml"
    script = runpy.run_path(str(toml.with_suffix(".py")), run_name="pipeline")
    config = read_config(toml, GraphControlConfig, ["seeds=2", *settings])
    script["run"](config, out)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Turns tell snails from mussels; what is said of colours is wrong by half."""
    place = tmp_path_factory.mktemp("shells")
    rng = np.random.default_rng(0)
    lines = ["class,turns,colour"]
    for row in range(200):
        turns, colour = np.array([1.5, 0.0]) * (row % 2) + rng.normal(size=2)
        lines.append(f"{['mussel', 'snail'][row % 2]},{turns:.3f},{colour:.3f}")
    (place / "shells.csv").write_text("\n".join(lines), encoding="utf-8")
    (place / "mine.ttl").write_text(SHELLS, encoding="utf-8")
    train(
        place / "run", f"data.path={place / 'shells.csv'}", "data.train=0.2", "few_labels=[1]",
        f'ontology.files=["{ROOT / "ontology" / "attributes.ttl"}", "{place / "mine.ttl"}"]',
        'arms=["baseline", "kg"]',
    )  # fmt: skip
    return place / "run"


def test_what_tells_classes_apart_is_worth_something(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kept_fits, "fit_softmax", None)  # nothing is trained: a call would fail
    found = kind_of(run).explain(run, "1 label a class", ())
    assert "warning" not in capsys.readouterr().err  # scores are those of the run
    assert (found.test, found.metric) == ("1 label a class", "accuracy")
    worth = {(value.kind, *value.iris): value for value in found.values}
    assert sorted(worth) == [
        ("attribute", f"{E}Colour"), ("attribute", f"{E}Turns"),
        ("axiom", f"{E}Mussel", f"{E}Colour"), ("axiom", f"{E}Snail", f"{E}Turns"),
        ("concept", f"{E}Mussel"), ("concept", f"{E}Snail"),
    ]  # fmt: skip
    turns = worth["attribute", f"{E}Turns"]
    assert turns.label == "turns"
    assert turns.comparison.verdict == "helps"
    assert worth["attribute", f"{E}Colour"].comparison.difference < turns.comparison.difference
    axiom = worth["axiom", f"{E}Snail", f"{E}Turns"]  # the only one of its attribute
    assert axiom.label == "snail: turns"
    assert axiom.comparison.difference == turns.comparison.difference
    verify(run)


def test_kinds_and_settings_are_chosen(run: Path) -> None:
    found = kind_of(run).explain(run, "", ["axiom"])
    assert found.test == "20% labelled"
    assert [value.kind for value in found.values] == ["axiom", "axiom"]
    with pytest.raises(ConfigError, match="no kind word"):
        kind_of(run).explain(run, "", ["word"])
    with pytest.raises(RunError, match="no setting 'tomorrow'"):
        kind_of(run).explain(run, "tomorrow", ())


def test_a_graph_says_what_its_words_and_classes_are_worth(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    labels, words = np.repeat([0, 1], 80), ("laser cooling", "photon", "magnetism", "crystal")
    same = labels[:, None] == labels
    pairs = np.triu(rng.random(same.shape) < np.where(same, 0.05, 0.02), 1)
    own = rng.random((160, 4)) < np.where(labels[:, None] == [0, 0, 1, 1], 0.4, 0.15)
    np.savez(
        tmp_path / "authors.npz", edge_index=np.stack(np.nonzero(pairs)), num_nodes=160, y=labels,
        x=own.astype(np.float32), attr_names=np.array(words),
        class_names=np.array(["phys light", "phys solids"]),
    )  # fmt: skip
    train(
        tmp_path / "run", f"data.path={tmp_path / 'authors.npz'}", "data.train=0.5",
        'arms=["baseline", "kg"]', "few_labels=[1]",
    )  # fmt: skip
    found = kind_of(tmp_path / "run").explain(tmp_path / "run", "1 label a class", ())
    told = [(value.kind, value.label) for value in found.values]
    assert sorted(told) == [
        *(("attribute", word) for word in sorted(words)),
        ("concept", "phys light"), ("concept", "phys solids"),
    ]  # fmt: skip


def test_a_run_without_knowledge_says_so(tmp_path: Path) -> None:
    (tmp_path / "shells.csv").write_text(
        "\n".join(["class,turns", *(f"{'ab'[row % 2]},{row % 7}" for row in range(60))]),
        encoding="utf-8",
    )
    train(tmp_path / "run", f"data.path={tmp_path / 'shells.csv'}", "data.train=0.5")
    with pytest.raises(RunError, match="the arm baseline knows nothing of attributes and classes"):
        kind_of(tmp_path / "run").explain(tmp_path / "run", "", ())
