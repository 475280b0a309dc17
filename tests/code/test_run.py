"""The main job from end to end on a small real code base, saved, read back and asked."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

import anyio
import pytest
import torch
from mcp import ClientSession, StdioServerParameters, stdio_client

from kgtransfer import cli
from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code import run as search
from kgtransfer.code.config import CodeSearchConfig
from kgtransfer.code.kind import predict, reindex
from kgtransfer.code.live.code import LiveCode, kept_index
from kgtransfer.code.live.watch import watching
from kgtransfer.config import read_config
from kgtransfer.errors import ConfigError, DataError, RunError
from kgtransfer.experiments.results import RunResult, signed
from kgtransfer.retrieval.context_gate import context_gate_of
from kgtransfer.retrieval.contrastive import Knowledge, encode
from kgtransfer.store import connect
from kgtransfer.store.queries import answer

SMALL = (
    'data.packages=["json", "configparser"]',
    'arms=["bm25", "none", "baseline", "kg_fixed", "queries", "shuffled", "kg_both"]',
    "embedding.dim=8",
    "embedding.epochs=1",
    "encoder.trained_layers=1",
    "encoder.max_tokens=48",
    "training.adaptation=32",
    "training.batch_size=16",
)
ROOT = Path(__file__).parents[2]


def _train(out: Path, *overrides: str) -> RunResult:
    toml = ROOT / "pipelines" / "code_search.toml"
    script = runpy.run_path(str(toml.with_suffix(".py")), run_name="pipeline")
    result: RunResult = script["run"](
        read_config(toml, CodeSearchConfig, [*SMALL, *overrides]), out
    )
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "small"
    _train(out)
    return out


def _result(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return loaded


def test_a_run_folder_holds_all_that_it_should(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names >= {
        "README.md",
        "concepts.safetensors",
        "model.safetensors",
        "ontology.ttl",
        "report.html",
        "result.json",
        "run.toml",
    }
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count("<svg") + page.count("data:image/png") >= 5


def test_the_result_has_the_chosen_arms_in_both_settings(folder: Path) -> None:
    result = _result(folder)
    assert result["setting"] == "named"
    assert set(result["arms"]) == {
        *("bm25", "none", "baseline", "kg_fixed", "queries", "kg", "shuffled", "kg_both")
    }
    (masked,) = result["other_settings"]
    assert set(masked["arms"]) == set(result["arms"]) - {"kg_both"}
    assert all(0 < arm["mean"] < 1 for arm in result["arms"].values())
    assert masked["arms"]["bm25"]["mean"] < result["arms"]["bm25"]["mean"]


def test_a_run_read_back_gives_the_same_bits(folder: Path) -> None:
    saved = search.load(folder)
    encoder = context_gate_of(saved.index.model).backbone
    assert isinstance(encoder, TextEncoder)
    states = encoder.frozen_states([document.code for document in saved.index.documents])
    known = Knowledge(saved.index.grounding, encoder.frozen_states(saved.index.contexts))
    again = encode(saved.index.model, states, known)
    torch.testing.assert_close(again, saved.index.vectors, atol=2e-3, rtol=0)  # bfloat16
    assert json.loads(json.dumps(saved.result.to_json()["arms"])) == _result(folder)["arms"]


def test_the_same_run_again_takes_everything_from_disk(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "fits").iterdir()}
    scores = _result(folder)["arms"]
    _train(folder)
    assert {p.name: p.stat().st_mtime_ns for p in (folder / "fits").iterdir()} == before
    assert _result(folder)["arms"] == scores


def test_the_store_answers_which_runs_used_a_concept(folder: Path) -> None:
    run = f"{folder.as_uri()}#{_result(folder)['run_hash']}"
    with connect(folder / "store.kglite") as store:
        used = answer(store, "concepts_of_run", {"run": run}).rows
        heaviest = answer(store, "runs_by_concept", {"uri": used[0]["uri"]}).rows
    assert heaviest == [{"run": run, "weight": used[0]["weight"]}]
    assert used[0]["weight"] > used[-1]["weight"] >= 0


def test_another_selection_conditions_by_other_concepts(folder: Path, tmp_path: Path) -> None:
    cypher = "MATCH (c:api__Module) RETURN c.uri"
    other = _train(tmp_path / "modules", f"select.cypher={cypher}", 'arms=["baseline"]')
    first = RunResult.load(folder)
    assert other.run_hash != first.run_hash
    assert other.graph_hash == first.graph_hash
    gates = other.details["gates"]["named"]["kg"]
    assert gates["class"] == [0.0]  # no class may condition: its gate has nothing to learn from
    assert gates["module"] != [0.0]
    kg, baseline = (other.main.arms[name].per_sample for name in ("kg", "baseline"))
    assert (kg != first.main.arms["kg"].per_sample).any()
    assert (baseline == first.main.arms["baseline"].per_sample).all()  # sees no concept


def test_another_ontology_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    turtle = copy / "ontology.ttl"
    turtle.write_text(turtle.read_text() + '\n<urn:new> <urn:says> "more" .\n', encoding="utf-8")
    with pytest.raises(RunError, match="not the ontology that this run was trained on"):
        search.load(copy)


@pytest.mark.parametrize("file", ["model.safetensors", "concepts.safetensors", "result.json"])
def test_a_damaged_file_is_named(folder: Path, tmp_path: Path, file: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / file).write_bytes((copy / file).read_bytes()[:64])
    with pytest.raises(RunError, match=file.replace(".", r"\.")):
        search.load(copy)


def test_predict_names_functions_and_the_context_that_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.app(["predict", str(folder), "decode a json document", "--json"], standalone_mode=False)
    hits = json.loads(capsys.readouterr().out)
    assert len(hits) == 5
    assert {"name", "module", "score", "context"} <= hits[0].keys()
    assert any(hit["module"].startswith("json") for hit in hits)


def test_predict_asks_for_words(folder: Path) -> None:
    with pytest.raises(ConfigError, match="nothing is asked"):
        predict(folder, [" "], count=1, like=None)


@pytest.fixture
def reindexed(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A run that keeps an index of another code base, and that code base."""
    run, code = tmp_path / "run", tmp_path / "code"
    shutil.copytree(folder, run)
    code.mkdir()
    (code / "tea.py").write_text("def brew(leaves, water):\n    return leaves + water\n")
    cli.app(["reindex", str(run), str(code), "--json"], standalone_mode=False)
    return run, code


def test_code_without_a_function_is_not_answered_about(
    reindexed: tuple[Path, Path],
) -> None:
    run, code = reindexed
    (code / "tea.py").write_text("LEAVES = 3\n")
    with pytest.raises(DataError, match="no function to answer about"):
        reindex(run, "")


def test_a_run_answers_about_code_as_it_is_now(
    reindexed: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run, code = reindexed
    cli.app(["predict", str(run), "make tea", "--json"], standalone_mode=False)
    (hit,) = json.loads(capsys.readouterr().out)
    assert (hit["name"], hit["module"]) == ("tea.brew", "tea")
    (code / "milk.py").write_text("def warm(milk):\n    return milk * 2\n")
    cli.app(["reindex", str(run), "--json"], standalone_mode=False)  # knows where the code is
    assert json.loads(capsys.readouterr().out).items() >= {"functions": 2, "encoded": 2}.items()
    assert search.load(run).result.run_hash == _result(run)["run_hash"]  # the run is as it was


@pytest.mark.parametrize("file", ["index.safetensors", "texts.safetensors", "ontology.ttl"])
def test_a_kept_index_that_was_altered_is_refused(reindexed: tuple[Path, Path], file: str) -> None:
    run, _ = reindexed
    with (run / "live" / file).open("ab") as altered:
        altered.write(b" ")
    with pytest.raises(RunError, match=file.replace(".", r"\.")):
        kept_index(search.load(run))


def test_an_index_of_another_run_is_refused(reindexed: tuple[Path, Path]) -> None:
    run, _ = reindexed
    listing = json.loads((run / "live" / "live.json").read_bytes())
    (run / "live" / "live.json").write_text(json.dumps({**listing, "run": "another"}))
    with pytest.raises(RunError, match="is not of this run"):
        kept_index(search.load(run))


def test_what_is_served_follows_the_files(reindexed: tuple[Path, Path]) -> None:
    run, code = reindexed
    live, stop, told = LiveCode(search.load(run)), Event(), Event()
    live.update()
    looking = Thread(target=watching, args=(live, lambda update: told.set(), stop))
    looking.start()
    try:
        (code / "milk.py").write_text("def warm(milk):\n    return milk * 2\n")
        assert told.wait(60)
    finally:
        stop.set()
        looking.join()
    assert [hit.name for hit in live.index.search("heat some milk", 1)] == ["milk.warm"]


@pytest.mark.slow
def test_a_coding_assistant_starts_a_run_as_an_mcp_server(folder: Path) -> None:
    started = StdioServerParameters(
        command=sys.executable,
        args=["-P", "-m", "kgtransfer", "serve", str(folder), "--mcp"],
        env=dict(os.environ),
    )

    async def ask() -> list[Any]:
        async with stdio_client(started) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            question = {"query": "decode a json document", "k": 3}
            found = await session.call_tool("search_code", question)
            statement = "MATCH (r:prov__Activity) RETURN count(r) AS runs"
            rows = await session.call_tool("cypher", {"query": statement})
            return [json.loads(answer.content[0].text) for answer in (found, rows)]

    found, rows = anyio.run(ask)
    assert [hit["module"].partition(".")[0] for hit in found["hits"]] == ["json"] * 3
    assert rows == {"rows": [{"runs": 1}]}


def test_a_run_knows_where_its_ontology_was_read_from(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.app(["retrain", str(folder), "--dry-run"], standalone_mode=False)
    assert capsys.readouterr().out.startswith("nothing to do: ")


def test_a_report_can_be_drawn_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "report.html").unlink()
    cli.app(["report", str(folder)], standalone_mode=False)
    assert capsys.readouterr().out.strip() == str(folder / "report.html")
    assert (folder / "report.html").stat().st_size > 50_000


def test_a_run_of_another_pipeline_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "other")
    result = tmp_path / "other" / "result.json"
    content = json.loads(result.read_text(encoding="utf-8"))
    changed = {**content, "kind": "images", "pipeline": "wbc"}
    result.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(RunError, match=r"result\.json: altered after the run wrote it"):
        search.load(tmp_path / "other")
    result.write_text(
        json.dumps(signed({k: v for k, v in changed.items() if k != "sha256"})), encoding="utf-8"
    )
    with pytest.raises(RunError, match="is a run of wbc: it has no texts to search"):
        search.load(tmp_path / "other")
