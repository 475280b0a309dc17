"""Runs of link prediction after an edit of the ontology that the links are of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import kgtransfer as kgt
from kgtransfer.embedding import FittedModel
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.link_prediction import LinkTask, graph_links, read_links
from kgtransfer.link_prediction import task as module
from kgtransfer.link_prediction.config import LinkConfig
from kgtransfer.retraining.loop import once
from kgtransfer.runs.folder import saved_config, verify

PREFIXES = """
@prefix e: <http://example.org/family#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
COUPLES = "".join(
    f"e:a{n} e:marriedTo e:b{n} ; e:friendOf e:a{(n + 1) % 30} .\n"
    f"e:b{n} e:marriedTo e:a{n} ; e:friendOf e:b{(n + 1) % 30} .\n"
    for n in range(30)
)
CHILD = "e:c1 e:childOf e:a1 , e:b1 .\n"


def write(place: Path, *turtle: str) -> Path:
    path = place / "family.ttl"
    path.write_text("".join([PREFIXES, *turtle]), encoding="utf-8")
    return path


def train(ontology: Path, out: Path) -> RunResult:
    links = graph_links(kgt.read_ontology(ontology), text=None)
    task = LinkTask(links, models=["complex"], dim=8, epochs=10, budget=0)
    return kgt.experiment(task, ["none", "baseline"], seeds=2, out=out)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run over the links of 30 couples."""
    place = tmp_path_factory.mktemp("links")
    train(write(place, COUPLES), place / "run")
    return place


def test_a_run_keeps_settings_and_the_models_of_all_seeds(place: Path) -> None:
    assert saved_config(place / "run", LinkConfig).models == ("complex",)
    for seed in (0, 1):
        assert FittedModel.load(place / "run" / "models" / str(seed)).names
    same = write(place, "# a comment\n", COUPLES)
    assert once(place / "run", same).values == {"nothing_to_do": True}


def test_new_links_update_the_embeddings_and_held_out_ones_stay(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ontology = write(place, COUPLES, CHILD)
    plan = once(place / "run", ontology, dry_run=True).values["plan"]
    assert plan["vectors"] == {"added": 1, "removed": 0, "touched": 2}
    assert plan["models"] == 2
    with monkeypatch.context() as patch:
        patch.setattr(module, "fit", None)  # a call would fail
        news = once(place / "run", ontology, out=tmp_path / "again")
    assert news.run
    verify(place / "run")
    verify(news.run)
    old, new = (RunResult.load(folder) for folder in (place / "run", news.run))
    assert list(new.settings) == ["test"]
    assert list(new.main.arms) == ["baseline", "before", "none"]
    before = new.main.arms["before"].per_sample
    assert before.tolist() == old.main.arms["baseline"].per_sample.tolist()
    assert "http://example.org/family#c1" in FittedModel.load(news.run / "model").names
    assert new.main.arms["baseline"].mean > old.main.arms["baseline"].mean - 0.05
    assert new.details["lineage"]["parent"] == old.run_hash


def test_several_edits_come_to_what_the_last_of_them_does(place: Path, tmp_path: Path) -> None:
    run = place / "run"
    for number in range(3):
        ontology = write(place, COUPLES, CHILD, f"e:c1 e:friendOf e:a{number} .\n")
        news = once(run, ontology, out=tmp_path / f"edit-{number}")
        assert news.run
        run = news.run
    at_once = once(place / "run", ontology, out=tmp_path / "at-once").run
    assert at_once
    last, direct = (RunResult.load(folder).main.arms["baseline"] for folder in (run, at_once))
    assert last.per_sample.tolist() == direct.per_sample.tolist()


def test_links_that_go_are_left_out_and_the_others_compared(place: Path, tmp_path: Path) -> None:
    fewer = COUPLES.replace("e:a7 ", "e:alice ") + "e:alice owl:sameAs e:a7 .\n"
    links = graph_links(kgt.read_ontology(write(place, COUPLES)), text=None).triples
    head, relation, tail = links.test[0]
    subject, predicate, object_ = (
        name.rpartition("#")[2]
        for name in (links.entities[head], links.relations[relation], links.entities[tail])
    )
    assert "a7" not in (subject, object_)
    gone = f"e:{predicate} e:{object_} "
    lines = [
        line.replace(gone, f"e:knew e:{object_} ") if line.startswith(f"e:{subject} ") else line
        for line in fewer.splitlines(keepends=True)
    ]
    news = once(place / "run", write(place, *lines), out=tmp_path / "again")
    assert news.run
    settings = RunResult.load(news.run).settings
    assert list(settings) == ["test", "test, links of both"]
    counts = [setting.arms["baseline"].per_sample.shape for setting in settings.values()]
    assert counts == [(2, len(links.test) - 1)] * 2
    assert settings["test, links of both"].compare("baseline", "before")


def test_a_run_over_a_folder_of_links_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "triples"
    folder.mkdir()
    for split in ("train", "valid", "test"):
        (folder / f"{split}.tsv").write_text("a\tr\tb\nb\tr\tc\nc\tr\ta\n")
    task = LinkTask(read_links(folder), models=["complex"], dim=4, epochs=1, budget=0)
    kgt.experiment(task, ["baseline"], seeds=1, out=tmp_path / "run")
    assert not kgt.load(tmp_path / "run").graph.concepts  # without any ontology it is read back
    with pytest.raises(RunError) as refused:
        once(tmp_path / "run", write(tmp_path, COUPLES))
    cure = "update its model: kgtransfer embed FOLDER --from RUN/model --out DIR"
    assert refused.value.cure == cure


def test_a_model_that_is_missing_is_a_clear_error(place: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(place / "run", tmp_path / "run"))
    (run / "models" / "1" / "model.safetensors").unlink()
    with pytest.raises(RunError, match=r"model\.safetensors"):
        once(run, write(place, COUPLES, CHILD))
