"""What each piece of knowledge is worth, on drawn cells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kgtransfer.cli import app
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.explain import explain_run
from kgtransfer.images.run import SavedImages
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.store import connect
from kgtransfer.store.queries import answer

ONTOLOGY = Path(__file__).parents[2] / "ontology"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def saved(cell_run: Path) -> SavedImages:
    return SavedImages.load(cell_run)


def test_a_saved_run_scores_as_it_did(saved: SavedImages) -> None:
    task = saved.task()
    classification = task.classification
    for name, setting in saved.result.settings.items():
        test = name.partition(",")[0]
        samples, weight = classification.tests[test], classification.domain_shift_weight(test)
        axioms = classification.axiom_weight(test)
        for seed, mean in enumerate(setting.arms["kg"].per_seed):
            first, learned = saved.classifier(task, 3, seed).parts(samples, test)
            right = (axioms * first + weight * learned).argmax(axis=1) == samples.targets
            recalls = [right[samples.targets == row].mean() for row in range(3)]
            assert sum(recalls) / 3 == pytest.approx(mean)


def test_those_that_are_worth_most_come_first(saved: SavedImages) -> None:
    explanation = explain_run(saved, "away", ["attribute"])
    worth = [value.comparison.difference for value in explanation.values]
    assert worth == sorted(worth, reverse=True)
    assert {value.kind for value in explanation.values} == {"attribute"}
    assert explanation.test == "away"


def test_every_value_and_every_statement_is_a_piece(saved: SavedImages) -> None:
    explanation = explain_run(saved)
    assert explanation.test == "source"  # there are too few images for a validation split
    labels = {value.label for value in explanation.values}
    assert {"nucleus shape", "multilobed nucleus", "eosinophil: granule colour"} <= labels
    assert all(value.comparison.verdict for value in explanation.values)


def test_what_is_not_there_is_named(saved: SavedImages) -> None:
    with pytest.raises(RunError, match=r"no data set 'mars'[\s\S]*source, away"):
        explain_run(saved, "mars")
    with pytest.raises(ConfigError, match=r"no kind word[\s\S]*attribute, concept, axiom"):
        explain_run(saved, kinds=["word"])


def test_the_command_draws_and_prints(cell_run: Path) -> None:
    done = CliRunner().invoke(
        app, ["explain", str(cell_run), "--test", "away", "--kind", "attribute", "--json"]
    )
    assert done.exit_code == 0
    printed = json.loads(done.stdout)
    assert printed["test"] == "away"
    assert Path(printed["picture"]).read_bytes().startswith(b"\x89PNG")
    assert RunResult.load(cell_run).pipeline == "wbc"


def test_cypher_finds_what_each_concept_was_worth_and_what_samples_show(
    cell_run: Path, tmp_path: Path
) -> None:
    store = str(tmp_path / "store.kglite")
    with connect(store) as opened:
        opened.sync(read_ontology(ONTOLOGY / "wbc.ttl"))
    command = ["explain", str(cell_run), "--kind", "concept", "--store", store, "--json"]
    printed = json.loads(CliRunner().invoke(app, command).stdout)
    worth = {value["iris"][0]: value["difference"] for value in printed["worth"]}
    with connect(store) as opened:
        (run,) = answer(opened, "runs", {}).rows
        rows = answer(opened, "worth_of_concepts", {"run": run["run"]}).rows
        assert {row["uri"]: row["worth"] for row in rows} == pytest.approx(worth)
        lobed = "https://w3id.org/kgtransfer/wbc#MultilobedNucleus"
        shown = answer(opened, "samples_by_concept", {"run": run["run"], "uri": lobed}).rows
        strongest = max(shown, key=lambda row: row["weight"])
        assert "neutrophil" in strongest["sample"]
