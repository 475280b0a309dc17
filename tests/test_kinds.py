"""Kinds of sample: one line is enough for a further one; what digests and signatures tell."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import kgtransfer as kgt
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.plan import Plan, Stale
from kgtransfer.errors import ConfigError, RunError, SignatureError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores, Comparison
from kgtransfer.experiments.results import RunResult, read_result, signed
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.kinds import KINDS, kind_named, kind_of
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.runs.explanation import Explanation, Value
from kgtransfer.runs.output import Output
from kgtransfer.runs.refusal import refusal
from kgtransfer.signing import new_key, sign_folder
from kgtransfer.utils.files import json_bytes
from kgtransfer.utils.terminal import table

ONTOLOGY = Path(__file__).parents[1] / "ontology" / "land_cover.ttl"
COLOUR = "http://x.example/Colour"
Said = tuple[int, str, str]


def _result(kind: str, **details: Any) -> RunResult:
    """Of an arm that is right in 15 of 20 samples, and one that is in 10."""
    right = np.arange(20)[None]
    setting = SettingResult.of(
        "home",
        [
            ArmScores(Arm("none"), (right < 10).astype(float)),
            ArmScores(Arm("tuned", "knowledge", compare_to=("none",)), (right < 15).astype(float)),
        ],
    )
    return RunResult(
        "marbles", "bag", "bag", "accuracy", [0], {"home": setting}, kind=kind, details=details,
        graph_hash=read_ontology(ONTOLOGY).hash, run_hash="marbles",
    )  # fmt: skip


class SavedMarbles:
    """A run of a kind that kgtransfer does not come with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.result = folder, RunResult.load(folder)
        self.graph = read_ontology(ONTOLOGY)


class MarbleRetraining:
    """Says what changed, and scores as before."""

    def __init__(self, folder: Path, graph: KnowledgeGraph) -> None:
        edit = Edit.of(read_ontology(ONTOLOGY), graph)
        stale = Stale((COLOUR,), {"train": (2, 20)}, (), {"added": 1})
        self.is_needed = bool(edit.diff)
        self.plan = Plan(edit.diff, stale, 1, 2.0, 60.0, how="marbles sorted anew")

    def run(self, out: Path) -> RunResult:
        lineage = {"arm": "before", "seconds": 1.0, "parent": "marbles"}
        result = _result("marbles", lineage=lineage)
        result.save(out)
        return result


def _predict(folder: Path, questions: list[str], *, count: int, like: Path | None) -> Output:
    answers = [{"marble": name, "colour": "red"} for name in questions][:count]
    rows = [answer.values() for answer in answers]
    return Output(answers, (f"{folder.name}, like {like}", table(("marble", "colour"), rows)))


def _explain(folder: Path, test: str, pieces: list[str]) -> Explanation:
    value = Value("concept", (COLOUR,), "colour", Comparison("a", "b", 0.25, (0.1, 0.3), "helps"))
    return Explanation(test or "home", (value,), RunResult.load(folder).metric)


def _ground(sample: Path, ontology: list[Path], *, measures: str, **_: object) -> Output:
    return Output({"sample": str(sample)}, (f"{sample} is round{measures}",))


def _export(folder: Path, out: Path, forms: list[str], *, labels: int | None, seed: int) -> Output:
    return Output({"to": str(out)}, (f"{folder.name} as {forms} of {labels}, {seed} in {out}",))


@pytest.fixture
def marbles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run over marbles, a kind of one module and one line."""
    module = ModuleType("marbles_kind")
    functions = {
        "load": SavedMarbles,
        "predict": _predict,
        "explain": _explain,
        "retraining": MarbleRetraining,
        "ground": _ground,
        "export": _export,
    }
    vars(module).update(functions)
    monkeypatch.setitem(sys.modules, "marbles_kind", module)
    monkeypatch.setitem(KINDS, "marbles", "marbles_kind")
    folder = tmp_path / "runs" / "bag"
    folder.mkdir(parents=True)
    toml = f'[ontology]\nvocabulary = "{ONTOLOGY}"\nshapes = "ontology/shapes"\n'
    (folder / "run.toml").write_text(toml, encoding="utf-8")
    return _result("marbles").save(folder)


def test_a_further_kind_is_loaded_asked_and_drawn(marbles: Path, here: Callable[..., Said]) -> None:
    assert isinstance(kgt.load(marbles), SavedMarbles)
    status, told, _ = here("predict", marbles, "m1", "m2", "m3", "-k", "2", "--like", "box")
    assert (status, told.splitlines()[0]) == (0, "bag, like box")
    assert [line.split() for line in told.splitlines()[2:]] == [["m1", "red"], ["m2", "red"]]
    _, told, _ = here("predict", marbles, "m1", "--json")
    assert json.loads(told) == [{"marble": "m1", "colour": "red"}]
    _, told, _ = here("ground", "m1", "--ontology", ONTOLOGY, "--kind", "marbles")
    assert told == "m1 is round\n"
    more = "--measures", " by my.py"
    assert here("ground", "m1", "--ontology", ONTOLOGY, "--kind", "marbles", *more)[1] == (
        "m1 is round by my.py\n"
    )


def test_a_further_kind_leaves_in_its_own_forms(marbles: Path, here: Callable[..., Said]) -> None:
    options = ("--to", "bag", "--to", "box", "--out", "new", "--labels", "3")
    status, told, _ = here("export", marbles, *options)
    assert (status, told) == (0, "bag as ['bag', 'box'] of 3, 0 in new\n")


def test_nodes_do_not_leave_their_graph(tmp_path: Path, here: Callable[..., Said]) -> None:
    run = _result("nodes").save(tmp_path / "run")
    status, _, error = here("export", run, "--out", tmp_path / "new")
    assert status == 2
    assert "nodes are classified together, with their graph" in error
    assert "take predictions.csv" in error
    assert not (tmp_path / "new").exists()


def test_a_further_kind_is_explained_in_its_own_metric(
    marbles: Path, here: Callable[..., Said]
) -> None:
    status, told, _ = here("explain", marbles)
    assert status == 0
    assert "+25.0 [10.0, 30.0]" in told
    assert (marbles / "worth-home.png").read_bytes().startswith(b"\x89PNG")
    (worth,) = json.loads((marbles / "worth-home.json").read_text(encoding="utf-8"))["worth"]
    assert (worth["iris"], worth["difference"]) == ([COLOUR], 0.25)


def test_the_pieces_that_help_and_those_that_hurt_most_are_shown(
    marbles: Path, here: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    points = {"best": 0.3, "good": 0.2, "idle": 0.0, "bad": -0.1, "worst": -0.4}
    values = [
        Value("concept", (COLOUR,), name, Comparison("a", "b", worth, (worth, worth), ""))
        for name, worth in points.items()
    ]
    explanation = Explanation("home", tuple(values), "accuracy")
    monkeypatch.setattr(sys.modules["marbles_kind"], "explain", lambda *_: explanation)
    status, told, _ = here("explain", marbles, "--top", "3")
    assert status == 0
    assert [line.split()[1] for line in told.splitlines()[1:4]] == ["best", "good", "worst"]
    assert "2 pieces in between: --top 5 shows all" in told
    _, told, _ = here("explain", marbles, "--top", "5")
    assert "idle" in told
    assert "in between" not in told


@pytest.mark.parametrize(
    ("worth", "count", "shown"),
    [
        ((3, 2, 1, -1, -2), 4, (3, 2, -1, -2)),
        ((3, 2, 1, 0, -2), 4, (3, 2, 1, -2)),  # few hurt
        ((3, -1, -2, -3, -4), 4, (3, -2, -3, -4)),  # few help
        ((3, 2, 1), 2, (3, 2)),
        ((-1, -2, -3), 2, (-2, -3)),
        ((3, -3), 1, (3,)),
        ((3, -3), 9, (3, -3)),
    ],
)
def test_the_ends_of_an_explanation(
    worth: tuple[int, ...], count: int, shown: tuple[int, ...]
) -> None:
    values = [Value("axiom", (), "", Comparison("a", "b", w, (w, w), "")) for w in worth]
    extremes = Explanation("home", tuple(values), "accuracy").extremes(count)
    assert tuple(value.comparison.difference for value in extremes) == shown


def test_a_further_kind_is_retrained(
    marbles: Path, here: Callable[..., Said], tmp_path: Path
) -> None:
    for name in ("kgt.ttl", "catalog-v001.xml"):
        shutil.copy(ONTOLOGY.with_name(name), tmp_path)
    edited = tmp_path / "land_cover.ttl"
    text = ONTOLOGY.read_text(encoding="utf-8")
    edited.write_text(text.replace("kgt:threshold 0.53", "kgt:threshold 0.54"), encoding="utf-8")
    status, told, error = here("retrain", marbles, "--ontology", edited, "--dry-run")
    assert status == 0, error
    assert "1 model goes on: marbles sorted anew" in told
    new = kgt.retrain(marbles, edited)
    assert isinstance(new, SavedMarbles)
    assert new.folder.name == "bag-2"


@pytest.mark.parametrize(
    ("kind", "why"), [("links", "no piece is left out"), ("code", "concept by concept yet")]
)
def test_what_a_kind_cannot_do_it_says_in_one_line_with_the_cure(
    tmp_path: Path, kind: str, why: str
) -> None:
    run = _result(kind).save(tmp_path / "run")
    with pytest.raises(RunError, match=why):
        kind_of(run).explain(run, "", ())


@pytest.mark.parametrize(
    "options",
    [(), ("--ontology", ONTOLOGY.with_name("kgt.ttl")), ("--watch",)],
    ids=["", "ontology", "watch"],
)
def test_a_run_that_is_not_retrained_asks_for_no_ontology(
    marbles: Path,
    here: Callable[..., Said],
    options: tuple[str | Path, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = refusal("a run of marbles is not retrained yet", cure="sort them again")
    monkeypatch.setattr(sys.modules["marbles_kind"], "retraining", refused)
    (marbles / "run.toml").unlink()
    status, _, error = here("retrain", marbles, *options)
    assert status == 2
    assert "is not retrained yet" in error
    assert "--ontology" not in error


def test_a_kind_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"over pots, not known here[\s\S]*images, code, nodes"):
        kgt.load(_result("pots").save(tmp_path / "run"))
    with pytest.raises(ConfigError, match=r"no kind of sample 'pots'"):
        kind_named("pots")


def _swap_model(run: Path, *, anew: bool) -> None:
    """Put another model in the place of the first, and make the digests anew if wanted."""
    first, other = (run / "models" / name for name in ("3-0.safetensors", "3-1.safetensors"))
    shutil.copy(other, first)
    if anew:
        told = {k: v for k, v in read_result(run).items() if k != "sha256"}
        name = first.relative_to(run).as_posix()
        told["files"][name] = hashlib.sha256(first.read_bytes()).hexdigest()
        (run / "result.json").write_bytes(json_bytes(signed(told)))


@pytest.mark.slow
def test_a_swapped_model_whose_digest_was_made_anew_is_told_by_the_signature_alone(
    cell_run: Path, tmp_path: Path
) -> None:
    run, (private, public) = tmp_path / "wbc", new_key(tmp_path / "key")
    shutil.copytree(cell_run, run)
    sign_folder(run, private)
    assert kgt.load(run, verify_with=public).result.pipeline == "wbc"
    _swap_model(run, anew=False)
    with pytest.raises(RunError, match="damaged, or not the file that the run wrote"):
        kgt.load(run)
    _swap_model(run, anew=True)
    assert kgt.load(run).result.pipeline == "wbc"  # digests cannot tell
    for read in (kgt.load, kgt.retrain):
        with pytest.raises(SignatureError, match="altered: models/3-0") as refused:
            read(run, verify_with=public)
        assert "altered: result.json" in refused.value.message
    assert json.loads((run / "result.json").read_text())["pipeline"] == "wbc"


@pytest.mark.parametrize("kind", ["code", "nodes"])
def test_a_kind_without_measures_suggests_nothing(
    kind: str, here: Callable[..., Said], tmp_path: Path
) -> None:
    status, _, said = here("suggest", ONTOLOGY, tmp_path, "--kind", kind)
    assert status == 2
    assert f"{kind} are grounded without measures" in said
