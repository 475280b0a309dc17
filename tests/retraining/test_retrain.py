"""The edit loop, whole: drawn cells, the real ontology edited as people edit it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import kgtransfer as kgt
from kgtransfer.errors import OntologyError, RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.retraining import retrain
from kgtransfer.retraining.loop import once
from kgtransfer.runs.folder import verify

pytestmark = pytest.mark.slow
ONTOLOGY = Path(__file__).parents[2] / "ontology"
Edits = Callable[..., Path]
NUCLEI = (
    *("BandNucleus", "BilobedNucleus", "IndentedNucleus", "MultilobedNucleus"),
    "RoundNucleus",
)
LABS = ("wbcatt", "pbc", "bccd", "jtsc")


@pytest.fixture
def edited(tmp_path: Path) -> Edits:
    """The ontology with some words replaced: pairs of old and new -> the file."""

    def edit(*pairs: tuple[str, str]) -> Path:
        text = (ONTOLOGY / "wbc.ttl").read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        for name in ("kgt.ttl", "catalog-v001.xml"):
            shutil.copy(ONTOLOGY / name, tmp_path)
        (tmp_path / "wbc.ttl").write_text(text, encoding="utf-8")
        return tmp_path / "wbc.ttl"

    return edit


def _tensors(run: Path, name: str = "3-0") -> dict[str, torch.Tensor]:
    return load_file(run / "models" / f"{name}.safetensors")


def _retrained(*given: Path, out: Path) -> RunResult:
    saved = retrain(*given, out=out)
    assert saved is not None
    return saved.result


def _hashes(run: Path) -> dict[str, str]:
    files: dict[str, str] = json.loads((run / "result.json").read_text("utf-8"))["files"]
    return files


def test_comments_order_and_prefixes_change_nothing(cell_run: Path, edited: Edits) -> None:
    path = edited(("@prefix wbc:", "# a comment\n@prefix cell:"), ("wbc:", "cell:"))
    text = path.read_text(encoding="utf-8").replace("prefix cell:", "prefix cell: ", 1)
    path.write_text(text, encoding="utf-8")
    assert retrain(cell_run, path) is None
    news = once(cell_run, path)
    assert news.values == {"nothing_to_do": True}
    assert "nothing to do" in news.text


def test_a_threshold_moves_what_depends_on_it_and_nothing_else(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    ends = "kgt:measuredBy wbc:lobeCount ; kgt:threshold 2.5"
    path = edited((ends, ends.replace("2.5", "1.5")))
    before = _hashes(cell_run)
    plan = once(cell_run, path, dry_run=True)
    assert "multilobed nucleus" in plan.text
    assert plan.values["plan"]["axioms"] == []
    moved = plan.values["plan"]["grounding"]["concepts"]
    assert moved == [  # the values of one attribute share its weight
        f"https://w3id.org/kgtransfer/wbc#{name}" for name in NUCLEI
    ]
    out = tmp_path / "again"
    result = _retrained(cell_run, path, out=out)
    assert _hashes(cell_run) == before
    verify(cell_run)
    verify(out)
    assert set(result.main.arms) == {"kg", "before", "none", "baseline", "measures"}
    assert next(c.b for c in result.main.comparisons if c.a == "kg") == "before"
    assert result.details["lineage"]["parent"] == RunResult.load(cell_run).run_hash
    old, new = _tensors(cell_run), _tensors(out)
    frozen = [name for name in old if name.startswith("network.model.backbone.blocks")]
    assert frozen
    assert all((old[name] == new[name]).all() for name in frozen)
    head = next(name for name in old if name.endswith("classifier.weight"))
    assert (old[head] != new[head]).any()
    assert (old["measures.slopes"] != new["measures.slopes"]).any()


def test_an_edit_of_a_word_alone_leaves_the_scores_where_they_were(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    path = edited(('"A granulocyte whose mature form', '"The granulocyte whose mature form'))
    result = _retrained(cell_run, path, out=tmp_path / "again")
    for setting in result.settings.values():
        assert abs(setting.arms["kg"].mean - setting.arms["before"].mean) < 0.1
    plan = result.details["lineage"]["plan"]
    assert plan["grounding"]["concepts"] == plan["axioms"] == []
    assert plan["vectors"] == {"added": 0, "removed": 0, "touched": 1}


def test_a_renamed_concept_is_the_same_concept(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    path = edited(("wbc:MultilobedNucleus", "wbc:SegmentedNucleus"))
    with path.open("a", encoding="utf-8") as file:
        file.write("wbc:SegmentedNucleus owl:sameAs wbc:MultilobedNucleus .\n")
    result = _retrained(cell_run, path, out=tmp_path / "again")
    lineage = result.details["lineage"]
    wbc = "https://w3id.org/kgtransfer/wbc#"
    assert lineage["renamed"] == {f"{wbc}MultilobedNucleus": f"{wbc}SegmentedNucleus"}
    assert lineage["plan"]["grounding"]["concepts"] == lineage["plan"]["axioms"] == []
    assert lineage["plan"]["vectors"]["added"] == lineage["plan"]["vectors"]["removed"] == 0
    assert abs(result.main.arms["kg"].mean - result.main.arms["before"].mean) < 0.1


def _without_eosinophils() -> tuple[tuple[str, str], ...]:
    text = (ONTOLOGY / "wbc.ttl").read_text(encoding="utf-8")
    section = text[text.index("# ---- Eosinophils") : text.index("# ---- Basophils")]
    return ((section, ""), ("wbc:Basophil wbc:Eosinophil ", "wbc:Basophil "))


def test_a_class_is_removed_and_comes_back_without_a_label(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    result = _retrained(cell_run, edited(*_without_eosinophils()), out=tmp_path / "two")
    assert result.details["targets"]["labels"] == ["lymphocyte", "neutrophil"]
    assert result.details["lineage"]["plan"]["settings"]["data.ignored"] == ["eosinophil"]
    both = result.settings["source, 3 labels, classes of both"]
    assert both.samples == result.main.samples
    assert set(both.arms) == {"kg", "before"}

    shutil.copytree(tmp_path / "two", tmp_path / "zero")
    toml = tmp_path / "zero" / "run.toml"
    toml.write_text(re.sub("unlabelled = .*", 'unlabelled = ["eosinophil"]', toml.read_text()))
    with pytest.raises(RunError, match=r"run\.toml: damaged"):
        retrain(tmp_path / "zero", ONTOLOGY / "wbc.ttl", out=tmp_path / "back")

    back = _retrained(tmp_path / "two", ONTOLOGY / "wbc.ttl", out=tmp_path / "back")
    assert back.details["targets"]["labels"] == ["eosinophil", "lymphocyte", "neutrophil"]
    assert back.details["lineage"]["plan"]["classes"]["added"] == ["eosinophil"]
    old = RunResult.load(cell_run).main.arms["kg"].mean
    assert abs(back.main.arms["kg"].mean - old) < 0.15


def test_a_class_split_in_two_keeps_its_label(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    codes = "".join(f'    wbc:{lab}Code "neutrophil" ;\n' for lab in LABS)
    halves = [
        (f'rdfs:label "{half} neutrophil"@en ;', f'rdfs:label "{half} neutrophil"@en ;\n{codes}')
        for half in ("band", "segmented")
    ]
    path = edited(
        (codes, ""), ('rdfs:label "neutrophil"@en', 'rdfs:label "neutrophils"@en'), *halves
    )
    result = _retrained(cell_run, path, out=tmp_path / "split")
    targets = result.details["targets"]
    assert targets["labels"] == ["eosinophil", "lymphocyte", "neutrophil"]
    assert [targets["label_of"].count(row) for row in range(3)] == [1, 1, 2]
    assert result.main.arms["kg"].mean > 0.7


def test_a_new_class_of_no_data_set_is_told_apart(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    path = edited()
    with path.open("a", encoding="utf-8") as file:
        file.write(
            """
wbc:HairyCell a owl:Class ; rdfs:subClassOf wbc:MononuclearLeukocyte ; rdfs:label "hairy cell"@en ;
    skos:definition "A lymphoid cell with fine projections."@en ; kgt:source wbc:GeneralKnowledge ;
    kgt:usual wbc:IrregularCell , wbc:RoundNucleus , wbc:LightBlueCytoplasm .
"""
        )
    below = path.read_text(encoding="utf-8").replace("MononuclearLeukocyte ; rdfs:label \"hairy",
        "Neutrophil ; rdfs:label \"hairy")  # fmt: skip
    (tmp_path / "below.ttl").write_text(below, encoding="utf-8")
    plan = once(cell_run, tmp_path / "below.ttl", dry_run=True)
    assert "class:     ! hairy cell is a kind of neutrophil, which answers name" in plan.text
    assert len(plan.values["plan"]["classes"]["indistinct"]) == 1
    result = _retrained(cell_run, path, out=tmp_path / "more")
    assert result.details["lineage"]["plan"]["classes"]["indistinct"] == []
    told = result.details["lineage"]["unlabelled"]
    assert {*told} == {"source", "away"}
    assert all(0 <= shift["changed"] < 0.5 for shift in told.values())
    assert all({*shift["fits"]} == {"values", "axioms"} for shift in told.values())
    assert result.details["targets"]["labels"][-1] == "hairy cell"
    assert result.details["lineage"]["plan"]["settings"] == {"data.more_classes": ["wbc:HairyCell"]}
    head = next(v for k, v in _tensors(tmp_path / "more").items() if k.endswith("classifier.bias"))
    assert (len(head), head[-1]) == (4, 0.0)  # nothing is learned for or against it
    assert result.main.arms["kg"].mean > 0.6


def test_a_damaged_run_is_named(cell_run: Path, edited: Edits, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(cell_run, run, ignore=shutil.ignore_patterns("fits"))
    model = run / "models" / "3-1.safetensors"
    model.write_bytes(model.read_bytes()[:-100])
    with pytest.raises(RunError, match=r"models/3-1\.safetensors: damaged"):
        retrain(run, edited(("kgt:threshold 2.5", "kgt:threshold 2.4")))


def test_a_broken_ontology_changes_nothing(cell_run: Path, edited: Edits) -> None:
    with pytest.raises(OntologyError, match=r"wbc\.ttl"):
        retrain(cell_run, edited(("kgt:threshold 2.5 ;", "kgt:threshold 2.5 ")))
    with pytest.raises(OntologyError, match="violation"):
        retrain(cell_run, edited(("kgt:softness 0.2", 'kgt:softness "soft"')))
    with pytest.raises(RunError, match=r"result\.json"):
        retrain(cell_run.parent, ONTOLOGY / "wbc.ttl")


def test_runs_and_graphs_are_taken_as_they_are(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    old = kgt.load(cell_run)
    path = edited(("kgt:threshold 2.5", "kgt:threshold 2.4"))
    new = kgt.retrain(old, kgt.read_ontology(path), out=tmp_path / "again")
    assert new is not None
    compared = new.versus(old)["source, 3 labels"]
    assert compared.to_json() == new.result.compare("kg", "before").to_json() | {"b": "kg"}


def test_many_edits_come_to_what_one_comes_to(
    cell_run: Path, edited: Edits, tmp_path: Path
) -> None:
    """No drift: a model goes on from its last whole training, not from its last edit."""
    last = cell_run
    for step, threshold in enumerate(("2.4", "2.2", "2.3")):
        path = edited(("kgt:threshold 2.5", f"kgt:threshold {threshold}"))
        _retrained(last, path, out=tmp_path / f"step{step}")
        last = tmp_path / f"step{step}"
    _retrained(cell_run, path, out=tmp_path / "once")
    many, one = _tensors(last), _tensors(tmp_path / "once")
    assert many.keys() == one.keys()
    assert all((many[name] == one[name]).all() for name in many)
