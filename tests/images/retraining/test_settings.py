"""Which labels and classes a run tells apart follows from its ontology."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.edits.edit import Edit
from kgtransfer.images.config import VisionConfig
from kgtransfer.images.retraining.settings import changed_settings, edited_config
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

WBC = Path(__file__).parents[3] / "ontology" / "wbc.ttl"
HAIRY = """
wbc:HairyCell a owl:Class ; rdfs:subClassOf wbc:MononuclearLeukocyte ; rdfs:label "hairy cell"@en ;
    kgt:usual wbc:IrregularCell , wbc:RoundNucleus .
"""
LABELS = ("eosinophil", "lymphocyte", "neutrophil")


def _read(tmp_path: Path, text: str) -> KnowledgeGraph:
    for name in ("kgt.ttl", "catalog-v001.xml"):
        (tmp_path / name).write_bytes(WBC.with_name(name).read_bytes())
    (tmp_path / "wbc.ttl").write_text(text, encoding="utf-8")
    return read_ontology(tmp_path / "wbc.ttl")


def test_a_label_whose_class_is_gone_is_left_out_and_taken_in_again(tmp_path: Path) -> None:
    text = WBC.read_text(encoding="utf-8")
    section = text[text.index("# ---- Eosinophils") : text.index("# ---- Basophils")]
    without = text.replace(section, "").replace("wbc:Basophil wbc:Eosinophil ", "wbc:Basophil ")
    whole, fewer = _read(tmp_path, text), _read(tmp_path, without)
    config = VisionConfig()
    edited = edited_config(config, Edit.of(whole, fewer), LABELS)
    assert changed_settings(config, edited) == {"data.ignored": ["eosinophil"]}
    back = edited_config(edited, Edit.of(fewer, whole), LABELS)
    assert changed_settings(edited, back) == {"data.ignored": []}
    assert changed_settings(config, back) == {}


def test_a_class_of_no_data_set_is_told_apart_and_keeps_its_place_when_renamed(
    tmp_path: Path,
) -> None:
    text = WBC.read_text(encoding="utf-8")
    before, more = _read(tmp_path, text), _read(tmp_path, text + HAIRY)
    config = edited_config(VisionConfig(), Edit.of(before, more), LABELS)
    assert config.data.more_classes == ("wbc:HairyCell",)
    again = HAIRY.replace("wbc:HairyCell", "wbc:HairyLymphocyte")
    renamed = _read(tmp_path, text + again + "wbc:HairyLymphocyte owl:sameAs wbc:HairyCell .\n")
    config = edited_config(config, Edit.of(more, renamed), LABELS)
    assert config.data.more_classes == ("wbc:HairyLymphocyte",)
