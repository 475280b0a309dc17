from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.experiments.results import ArmScores, RunResult, SettingResult
from kgtransfer.report import write_card, write_report
from kgtransfer.report.html import render

from ..arms import arm as described

HOSTILE = "<script>alert(1)</script>"
ARMS = {"none": 0.0, "baseline": 0.02, "queries": 0.02, "kg": 0.1, "shuffled": 0.02}
FULL = {
    "arms": {"kg": f"gated {HOSTILE}"},
    "label_unit": "labelled pairs",
    "command": f"kgtransfer train x.toml {HOSTILE}",
    "graph": {
        "triples": 24348,
        "concepts": 7423,
        "relations": {"calls": 12013, HOSTILE: 0},
        "classes": {"Method": 3529},
        "python": "3.11.2",
        "packages": ["csv", HOSTILE],
    },
    "gates": {"named": {"kg": {HOSTILE: [0.2, 0.3]}, "shuffled": {HOSTILE: [0.0, 0.0]}}},
    "examples": {
        "named": [
            {
                "query": f"read a file {HOSTILE}",
                "target": HOSTILE,
                "module": "csv",
                "rank_before": 12,
                "rank_after": 1,
                "context": [{"relation": "class", "concept": HOSTILE, "weight": 0.25}],
            },
            {"query": "moved down", "target": "f", "rank_before": 1, "rank_after": 4},
        ]
    },
    "map": {"x": [0, 1], "y": [1, 0], "class": [HOSTILE, "Module"], "label": [HOSTILE, "csv"]},
    "queries": [{"question": "Who?", "cypher": HOSTILE, "rows": [{"name": HOSTILE, "n": 3}]}],
    "embedding": {"model": "complex", "mrr": 0.312},
    "training": {"epochs": 1, "synthetic_queries": [HOSTILE]},
}
SECTIONS = {
    "gates": "What the gates learned",
    "examples": "Queries that moved",
    "graph": "facts by relation",
    "map": "Map of the concept vectors",
    "queries": "Who?",
    "embedding": "Embedding",
    "training": "Training",
}


def make_run(
    details: dict[str, object], *more: str, settings: tuple[str, ...] = ("named",)
) -> RunResult:
    base = np.linspace(0.1, 0.7, 25)[None]
    arms = {**ARMS, **dict.fromkeys(more, 0.05)}
    results = {
        name: SettingResult.of(
            name,
            [ArmScores(described(arm), base + by, 1.0, {"r@1": [by]}) for arm, by in arms.items()],
        )
        for name in settings
    }
    environment = {"torch": "2.15.0", "device": HOSTILE}
    return RunResult(
        "code_search",
        HOSTILE,
        "t",
        "mrr",
        [0],
        results,
        "code",
        environment,
        {"baseline": HOSTILE},
        details,
        "g",
        "r",
    )


class Page(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in {"src", "href", "xlink:href", "action", "data", "srcset"}:
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def test_page_needs_nothing_but_itself(tmp_path: Path) -> None:
    path = write_report(make_run(FULL, "kg_both", "labels_25", "labels_100"), tmp_path)
    assert path == tmp_path / "report.html"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]
    page = Page(text := path.read_text())
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in page.links)
    assert page.tags.isdisjoint({"script", "link", "iframe", "object", "embed", "base"})
    assert not page.handlers
    assert "http" not in text.replace("http-equiv", "")
    assert "default-src 'none'" in text


def test_page_escapes_everything_it_is_given() -> None:
    text = render(make_run(FULL))
    assert HOSTILE not in text
    assert text.count("&lt;script&gt;") > 10


def test_page_opens_with_the_verdict() -> None:
    body = render(make_run({})).split("<body>")[1]
    first = re.sub(r"<[^>]+>", "", body.split("</p>")[0])
    assert "The knowledge graph helps: +.080 [.080, .080] MRR over" in first


def test_full_page_has_every_section() -> None:
    text = render(make_run(FULL, "kg_both", "labels_25", "labels_100"))
    for heading in (
        *SECTIONS.values(), "What was run", "Arms", "Comparisons", "How the figures were made",
        "Where the concept vectors come from", "What the knowledge is worth in labels",
    ):  # fmt: skip
        assert heading in text
    assert "12 → 1" in text
    assert "24,348 triples, 7,423 concepts" in text
    assert text.count("<svg role=") == 6


def test_each_panel_shows_the_end_of_its_own_learning_curve_alone() -> None:
    run = make_run({}, "labels_5", "labels_10", settings=("few", "many"))
    del run.settings["many"].arms["labels_10"]  # type: ignore[attr-defined]
    drawn = render(run).split("<h2>Arms</h2>")[1].split("<table")[0]
    assert drawn.count(">labels_10<") == 1
    assert drawn.count(">labels_5<") == 1


@pytest.mark.parametrize("missing", SECTIONS)
def test_section_appears_only_with_its_data(missing: str) -> None:
    text = render(make_run({key: value for key, value in FULL.items() if key != missing}))
    assert SECTIONS[missing] not in text
    assert all(heading in text for key, heading in SECTIONS.items() if key != missing)


@pytest.mark.parametrize("part", ["graph", "gates", "examples", "map", "training"])
def test_empty_details_are_missing_details(part: str) -> None:
    assert "<h2>Arms</h2>" in render(make_run({part: {}}))


def test_settings_are_named_only_where_there_are_several() -> None:
    assert "Setting masked" in render(make_run({}, settings=("named", "masked")))
    assert "Setting" not in render(make_run({}))


def test_card_tells_figures_and_links_the_report(tmp_path: Path) -> None:
    path = write_card(make_run(FULL), tmp_path)
    assert path == tmp_path / "README.md"
    text = path.read_text()
    assert text.startswith("---\nlibrary_name: kgtransfer\n")
    assert "The knowledge graph helps: +.080 [.080, .080] MRR" in text
    assert "| shuffled | .420 |" in text
    assert "`report.html`" in text
    assert HOSTILE not in text


def test_settings_with_the_same_gates_share_a_panel() -> None:
    few, many = {"kg": {"class": [0.2]}}, {"kg": {"class": [0.7]}}
    text = render(make_run({"gates": {"home, 5": few, "away, 5": few, "home, 20": many}}))
    drawn = text.split("What the gates learned")[1].split("</section>")[0]
    assert drawn.count("<svg") == 2
    assert "home, 5 · away, 5" in drawn


def test_gates_are_drawn_for_knowledge_and_placebo_alone() -> None:
    gates = {arm: {"class": [0.2], "calls": [0.1]} for arm in ("kg", "kg_both", "shuffled")}
    text = render(make_run({"gates": {"named": {**gates, "queries": {}}}}))
    legend = text.split("What the gates learned")[1]
    assert ">kg</text>" in legend
    assert ">shuffled</text>" in legend
    assert ">kg_both</text>" not in legend


VALIDATED = ("validation, 5 labels", "source, 5 labels", "clinic, 5 labels")
BINS = [{"confidence": 0.8, "accuracy": 0.5, "count": 4}]
OF_CLASSES = {
    "graph": {"ontology": "Roof tiles", "triples": 9, "concepts": 3},
    "confusion": {
        test: {"classes": ["flat", "curved"], "table": [[3, 1], [0, 2]]}
        for test in ("clinic", "source", "validation")
    },
    "calibration": {
        test: {"bins": BINS, "ece": 0.3} for test in ("clinic", "source", "validation")
    },
    "concepts": {"names": ["red"], "classes": ["flat"], "seen": [[0.5]], "stated": [[1.0]]},
    "pictures": [{"title": "flat (F)", "png": "AAAA"}],
}


def test_validation_comes_last_and_is_no_test() -> None:
    tests, validation = render(make_run(OF_CLASSES, settings=VALIDATED)).split(
        "<h2>Validation (to choose by)</h2>"
    )
    assert "validation, 5 labels" not in tests.replace("<dd>validation, 5 labels</dd>", "")
    assert "Setting clinic, 5 labels" in tests
    assert "<h1>Roof tiles · code_search · setting source, 5 labels</h1>" in tests
    for heading in ("Arms", "Comparisons", "Which classes are taken for which"):
        assert f"<h2>{heading}</h2>" in tests
        assert f"<h3>{heading}</h3>" in validation
    assert "The knowledge graph helps" in validation
    assert "How the figures were made" in validation


def test_a_run_without_validation_says_nothing_of_it() -> None:
    assert "to choose by" not in render(make_run(OF_CLASSES, settings=VALIDATED[1:]))


@pytest.mark.parametrize(
    "heading", ["Which classes are taken for which", "How sure, and how often right"]
)
def test_findings_of_test_sets_begin_with_the_source_domain(heading: str) -> None:
    drawn = render(make_run(OF_CLASSES, settings=VALIDATED)).split(heading)[1].split("</section>")
    assert re.findall(r"<figcaption>(\w+)</figcaption>", drawn[0]) == ["source", "clinic"]


def test_calibration_is_drawn_with_its_error() -> None:
    text = render(make_run(OF_CLASSES)).split("How sure, and how often right")[1]
    assert "ECE .300" in text.split("</section>")[0]
    assert "How sure" not in render(make_run({"calibration": {}}))


def test_every_figure_of_a_table_is_named_where_the_table_folds() -> None:
    table = render(make_run({})).split('<table class="fold wide">')[1].split("</table>")[0]
    row = table.split("<tr")[2]
    assert re.findall(r'data-label="([^"]+)"', row) == [
        "MRR", "sd", "95 % interval", "R@1", "seconds"
    ]  # fmt: skip


def test_what_an_arm_is_stands_where_it_comes_first() -> None:
    run = make_run({}, settings=("named", "masked"))
    says = run.settings["named"].arms["kg"].arm.says
    assert says
    assert render(run).count(f'<td class="says">{says}</td>') == 1


def test_page_and_card_speak_of_no_domain_but_their_own() -> None:
    folder = Path(render.__code__.co_filename).parent
    texts = [file.read_text() for file in (*folder.glob("*.jinja"), *folder.glob("*.py"))]
    assert len(texts) > 10
    words = r"\b(cells?|nucle\w+|vegetation|laborator\w+|blood|leukocytes?)\b"
    foreign = re.compile(words, re.IGNORECASE)
    assert [foreign.findall(text) for text in texts if foreign.search(text)] == []


def test_how_owl_writes_concepts_down_is_no_class_of_theirs() -> None:
    classes = {"owl:AnnotationProperty": 33, "owl:Class": 9, "e:Tile": 4}
    page = render(make_run({"graph": {"classes": classes}}))
    assert "e:Tile" in page
    assert "owl:Class" in page
    assert "owl:AnnotationProperty" not in page
    assert "owl:Ontology" in render(make_run({"graph": {"classes": {"owl:Ontology": 1}}}))


def test_an_ontology_that_is_called_like_its_pipeline_is_named_once() -> None:
    run = make_run({"graph": {"ontology": "code_search"}})
    assert "<h1>code_search" in render(run)
    assert "<h1>Tiles · code_search" in render(make_run({"graph": {"ontology": "Tiles"}}))


def test_card_keeps_validation_apart(tmp_path: Path) -> None:
    run = make_run(OF_CLASSES, settings=VALIDATED)
    tests, validation = write_card(run, tmp_path).read_text().split("## Validation (to choose by)")
    assert "# Roof tiles: code_search" in tests
    assert "validation" not in tests
    assert "MRR on 25 validation samples, setting validation, 5 labels" in validation
    assert "MRR on 25 test samples, setting clinic, 5 labels" in tests
