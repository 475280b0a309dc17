"""A store of some size is opened again by an engine that reaches its own folders alone."""

from __future__ import annotations

import os
import select
from pathlib import Path

import pytest

from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.store.embedded import spill
from kgtransfer.store.embedded.store import EmbeddedStore

CONCEPTS = 7_000  # so many that kglite unpacks their columns to disk


def test_what_is_unpacked_to_disk_is_read_back(tmp_path: Path) -> None:
    lines = [
        "@prefix e: <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
    ]
    comment = "and so on " * 20
    lines += [
        f'e:c{n} a owl:Class ; rdfs:label "{n}" ; rdfs:comment "{comment}{n}" ; e:p{n % 7} "{n}" .'
        for n in range(CONCEPTS)
    ]
    (tmp_path / "many.ttl").write_text("\n".join(lines), encoding="utf-8")
    with EmbeddedStore(tmp_path / "s.kglite", idle=0.0) as store:
        store.sync(read_ontology(tmp_path / "many.ttl"))
        assert store.engine_pid is not None
        engine = os.pidfd_open(store.engine_pid)
    assert select.select([engine], [], [], 60)[0]  # it has ended, so the file is complete
    os.close(engine)
    with EmbeddedStore(tmp_path / "s.kglite", idle=0.0) as store:
        assert store.run("MATCH (c:Resource) RETURN count(c) AS n") == [{"n": CONCEPTS}]


def test_folders_of_engines_that_ended_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "private_folder", lambda: tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for name in ("spill-4194305", f"spill-{os.getppid()}", "note"):  # no number is so high
        (tmp_path / name).mkdir()
        (tmp_path / name / "column").touch()
    own = spill.spill_folder()
    assert own == tmp_path / f"spill-{os.getpid()}"
    assert os.environ["TMPDIR"] == str(own)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {own.name, f"spill-{os.getppid()}", "note"}
