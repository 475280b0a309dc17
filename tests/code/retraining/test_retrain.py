"""Code search after an edit of what people wrote: a real code base, the real encoder."""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.torch import load_file

from kgtransfer.code import encoders as encoders_module
from kgtransfer.code.config import CodeSearchConfig
from kgtransfer.code.run import load
from kgtransfer.config import read_config
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import RunResult
from kgtransfer.retraining.loop import once
from kgtransfer.runs.folder import verify

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PREFIXES = """
@prefix py: <https://w3id.org/kgtransfer/python/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
DEFINITION = 'py:configparser.RawConfigParser skos:definition "Files of settings in sections." .\n'
SMALL = (
    'arms=["baseline"]',
    "seeds=2",
    'settings=["named"]',
    "embedding.dim=8",
    "embedding.epochs=1",
    "encoder.trained_layers=1",
    "encoder.max_tokens=48",
    "training.adaptation=32",
    "training.batch_size=16",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a code base, an ontology beside it, and a run that learned from both."""
    place = tmp_path_factory.mktemp("code")
    (place / "ontology").mkdir()
    for name in ("api.ttl", "kgt.ttl"):
        shutil.copy(ROOT / "ontology" / name, place / "ontology")
    _write(place, "")
    for package in ("json", "configparser"):
        source = Path(runpy.__file__).parent / package
        if source.is_dir():
            shutil.copytree(source, place / "source" / package)
        else:
            shutil.copy(source.with_suffix(".py"), place / "source")
    _train(place, place / "run")
    return place


@pytest.fixture
def ontology(place: Path) -> Iterator[Path]:
    """The ontology that people write; each test finds it as it was."""
    yield place / "ontology"
    _write(place, "")


def _write(place: Path, text: str) -> None:
    (place / "ontology" / "mine.ttl").write_text(PREFIXES + text, encoding="utf-8")


def _train(place: Path, out: Path) -> RunResult:
    toml = ROOT / "pipelines" / "code_search.toml"
    script = runpy.run_path(str(toml.with_suffix(".py")), run_name="pipeline")
    paths = f"data.path={place / 'source'}", f"ontology.vocabulary={place / 'ontology'}"
    config = read_config(toml, CodeSearchConfig, [*SMALL, *paths, "data.packages=[]"])
    result: RunResult = script["run"](config, out)
    return result


def test_comments_and_order_change_nothing(place: Path, ontology: Path) -> None:
    _write(place, "# a comment\n")
    assert once(place / "run", None).values == {"nothing_to_do": True}
    assert once(place / "run", ontology).values == {"nothing_to_do": True}


def test_a_definition_rewords_what_stands_in_its_module_and_encoders_stay(
    place: Path, ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(place, DEFINITION)
    plan = once(place / "run", None, dry_run=True).values["plan"]
    reworded, documents = plan["readings"]["named"]
    assert 0 < reworded < documents
    assert plan["grounding"]["concepts"] == []
    assert plan["vectors"] == {"added": 0, "removed": 0, "touched": 1}
    with monkeypatch.context() as patch:
        patch.setattr(encoders_module, "train_encoder", None)  # a call would fail
        news = once(place / "run", None, out=tmp_path / "again")
    assert news.run is not None
    verify(place / "run")
    verify(news.run)
    result = load(news.run).result
    assert set(result.main.arms) == {"kg", "before", "baseline"}
    assert next(c.b for c in result.main.comparisons if c.a == "kg") == "before"
    assert result.details["lineage"]["plan"]["readings"] == plan["readings"]
    for seed in result.seeds:
        old, new = (
            load_file(run / "models" / f"named-{seed}.safetensors")
            for run in (place / "run", news.run)
        )
        encoder = [name for name in old if name.startswith("encoder.")]
        assert encoder
        assert all((old[name] == new[name]).all() for name in encoder)
    scratch = _train(place, tmp_path / "scratch").main.arms["kg"]
    assert result.main.arms["kg"].per_seed == pytest.approx(scratch.per_seed, abs=0.01)


def test_an_edit_that_is_taken_back_leaves_no_trace(
    place: Path, ontology: Path, tmp_path: Path
) -> None:
    _write(place, DEFINITION)
    there = once(place / "run", None, out=tmp_path / "there").run
    assert there is not None
    _write(place, "")
    back = once(there, None, out=tmp_path / "back").run
    assert back is not None
    first, last = (load(run).result.main.arms["kg"] for run in (place / "run", back))
    assert (first.per_sample == last.per_sample).all()


def test_a_code_base_that_changed_is_a_clear_error(place: Path, ontology: Path) -> None:
    _write(place, DEFINITION)
    module = place / "source" / "configparser.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text + '\n\ndef new(a):\n    """Make a new one of these."""\n    return a\n')
    try:
        with pytest.raises(RunError, match=r"the code base of .* is not what it was"):
            once(place / "run", None)
    finally:
        module.write_text(text, encoding="utf-8")


def test_a_model_that_is_missing_is_a_clear_error(
    place: Path, ontology: Path, tmp_path: Path
) -> None:
    run = Path(shutil.copytree(place / "run", tmp_path / "run"))
    (run / "models" / "named-1.safetensors").unlink()
    _write(place, DEFINITION)
    with pytest.raises(RunError, match=r"named-1\.safetensors"):
        once(run, None)
