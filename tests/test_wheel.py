"""The wheel, installed into an environment of its own and used in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.slow

WORDS = [
    "quantum entanglement", "laser cooling", "cold atoms", "photon", "optical lattice",
    "superconductivity", "magnetism", "semiconductor", "crystal structure", "band structure",
]  # fmt: skip
LACKING = {"pacs.toml": "wordnet30_nouns"}  # what a pipeline asks for before its data
PIPELINE = "from pathlib import Path\nPath('ran').touch()\n"
MINE = """
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://example.org/mine> a owl:Ontology ;
    owl:imports <https://w3id.org/kgtransfer/image-measures> .
<http://example.org/mine#Crow> a owl:Class ; rdfs:label "crow"@en .
"""


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-q"
    subprocess.run(
        [sys.executable, "-m", *command, "-w", str(folder), str(repository)],
        check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )  # fmt: skip
    return next(folder.glob("kgtransfer-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel, and this one's other packages, but not the checkout."""
    home = tmp_path_factory.mktemp("env")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    folder = Path(said(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps",
         "--no-index", "-q", str(wheel)],
        check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )  # fmt: skip
    # A path in a .pth file comes after the environment's own, and its .pth files are not read, so
    # that an editable install of the checkout does not count.
    (folder / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return python


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def said(python: Path, *arguments: str, cwd: Path | None = None) -> str:
    done = run(python, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def run(python: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), *arguments], cwd=cwd, env=environment(),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def command(python: Path, *arguments: str, cwd: Path) -> str:
    return said(python.with_name("kgtransfer"), *arguments, cwd=cwd)


def test_it_carries_everything_that_comes_along(wheel: Path, repository: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("kg", "ontology", "pipelines"):
        for file in (repository / folder).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                assert f"kgtransfer/_data/{file.relative_to(repository)}" in names
    assert not {name for name in names if name.endswith(".pyc")}


def test_it_is_the_wheel_that_runs(python: Path, repository: Path, empty: Path) -> None:
    file = Path(said(python, "-c", "import kgtransfer; print(kgtransfer.__file__)", cwd=empty))
    assert file.is_relative_to(python.parents[1])
    version = said(python, "-c", "import kgtransfer; print(kgtransfer.__version__)", cwd=empty)
    assert version in command(python, "--version", cwd=empty)


def test_ontologies_that_come_along_are_checked(python: Path, empty: Path) -> None:
    assert "0 violations" in command(python, "check", "ontology/wbc.ttl", cwd=empty)


def test_our_vocabulary_is_imported(python: Path, empty: Path) -> None:
    (empty / "mine.ttl").write_text(MINE)
    (empty / "ontology").mkdir()  # of the user's, which holds none of ours
    script = "import kgtransfer as kgt; print(*kgt.read_ontology('mine.ttl').concepts, sep='\\n')"
    concepts = said(python, "-c", script, cwd=empty).split()
    assert "http://example.org/mine#Crow" in concepts
    assert len([iri for iri in concepts if "image-measures" in iri]) > 20


def test_a_script_of_the_users_is_still_asked_about(python: Path, empty: Path) -> None:
    download = empty / "download"
    download.mkdir()
    for suffix, text in (".py", PIPELINE), (".toml", ""):
        (download / f"graph_control{suffix}").write_text(text)
        (empty / f"graph_control{suffix}").symlink_to(download / f"graph_control{suffix}")
    done = run(
        python.with_name("kgtransfer"), "train", "graph_control.toml", "--out", "o", cwd=empty
    )
    assert done.returncode == 2, done.stderr
    assert "symbolic link" in done.stderr
    assert not (empty / "ran").exists()


def test_every_pipeline_is_found_by_its_name(
    python: Path, repository: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KGTRANSFER_DATA", raising=False)
    names = sorted(path.name for path in (repository / "pipelines").glob("*.toml"))
    assert "code_search.toml" in names
    for name in names:
        done = run(
            python.with_name("kgtransfer"), "train", name, "--out", "run",
            "--set", "data.path=no.npz", cwd=empty,
        )  # fmt: skip
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert LACKING.get(name, "no.npz") in done.stderr.splitlines()[0]


def test_a_pipeline_runs_in_an_empty_folder(python: Path, tmp_path: Path, empty: Path) -> None:
    write_authors(tmp_path / "authors.npz")
    out = command(
        python, "train", "graph_control.toml", "--out", "run",
        "--set", f"data.path={tmp_path / 'authors.npz'}", "--set", "seeds=1",
        "--set", 'arms=["none", "control", "kg"]', cwd=empty,
    )  # fmt: skip
    assert "kg" in out
    assert {"result.json", "report.html"} <= {path.name for path in (empty / "run").iterdir()}
    assert [path.name for path in empty.iterdir()] == ["run"]


def write_authors(path: Path) -> None:
    """Two communities of authors of 60 each, who write to one another and use their own words."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 60)
    same = labels[:, None] == labels
    pairs = np.triu(rng.random((120, 120)) < np.where(same, 0.08, 0.01), 1)
    words = rng.random((120, 10)) < np.where(labels[:, None] == (np.arange(10) >= 5), 0.4, 0.05)
    np.savez(
        path,
        edge_index=np.stack(np.nonzero(pairs)),
        num_nodes=120,
        y=labels,
        x=words.astype(np.float32),
        attr_names=np.array(WORDS),
        class_names=np.array(["phys rev a", "phys rev b"]),
    )
