"""`[[grounding]]` tables: which sources they name, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.config import read_config, write_config
from kgtransfer.errors import ConfigError
from kgtransfer.images.config import BackboneConfig, VisionConfig
from kgtransfer.images.sources.table import SOURCES, open_sources
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[3] / "ontology"
BOTH = """
[[grounding]]
source = "measures"

[[grounding]]
source = "synsets"
wordnet = "nouns.tsv"
size = 64
"""


def _read(folder: Path, text: str) -> VisionConfig:
    (folder / "run.toml").write_text(text, encoding="utf-8")
    return read_config(folder / "run.toml", VisionConfig)


def test_each_table_is_a_source_and_a_run_keeps_all(tmp_path: Path) -> None:
    config = _read(tmp_path, BOTH)
    assert [table.model_dump() for table in config.grounding] == [
        {"source": "measures", "code": ""},
        {"source": "synsets", "wordnet": "nouns.tsv", "size": 64, "backbone": "", "weights": ""},
    ]
    assert _read(tmp_path, write_config(config)) == config


def test_without_a_table_images_are_measured() -> None:
    source = open_sources((), BackboneConfig()).on(read_ontology(ONTOLOGY / "land_cover.ttl"))
    assert source.width == 20
    assert source.model == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[grounding]\nmeasures = "my.py"', r"write \[\[grounding\]\] with source = \"measures\""),
        (
            '[[grounding]]\nsource = "stars"',
            r"no source 'stars'; sources are: measures, synsets, text, annotations",
        ),
        ("[[grounding]]\nsize = 64", "no source None"),
        ('[[grounding]]\nsource = "synsets"\nsize = 8', "synsets: size: Input should be greater"),
        ('[[grounding]]\nsource = "measures"\nsize = 64', "size: Extra inputs .*settings are: sou"),
        (2 * '[[grounding]]\nsource = "measures"\n', 'two tables are of the source "measures"'),
        ("grounding = 3", "grounding: Input should be a valid array"),
    ],
)
def test_a_wrong_table_is_refused_with_the_form_that_is_right(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        _read(tmp_path, text)


def test_what_is_made_of_an_ontology_is_made_once(tmp_path: Path) -> None:
    graph, sources = read_ontology(ONTOLOGY / "land_cover.ttl"), open_sources((), BackboneConfig())
    kept = sources.on(graph, tmp_path)
    assert sources.on(graph, tmp_path) is kept
    assert sources.on(graph) is kept
    assert open_sources((), BackboneConfig()).on(graph) is not kept


def test_every_source_has_its_name_in_its_settings() -> None:
    for name in SOURCES:
        assert VisionConfig.model_validate({"grounding": [{"source": name}]}).grounding
