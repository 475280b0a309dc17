"""Which code may run: the user's own, named by himself, and what he trusts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kgtransfer.errors import CodeError
from kgtransfer.trust import CodeUnit, TrustStore, require_trust

from .conftest import Write

FILES = {"xray.py": "import helper\n", "helper.py": "VALUE = 1\n", "xray.toml": ""}


def test_what_lies_in_the_working_folder_and_is_named_there_is_the_users(write: Write) -> None:
    unit = write(FILES)
    assert require_trust(unit, "command line") == "yours: it lies here"
    assert require_trust(unit, Path("xray.toml")) == "yours: it lies here"
    below = write({"below/" + name: content for name, content in FILES.items()})
    assert require_trust(below, "command line") == "yours: it lies here"


def test_what_a_run_names_runs_only_where_it_is_trusted(write: Write) -> None:
    unit = write(FILES)
    with pytest.raises(CodeError, match=r"a run names it\n.*kgtransfer trust .*xray\.py"):
        require_trust(unit, "run")
    TrustStore().add(unit)
    assert require_trust(unit, "run").startswith("trusted since ")
    TrustStore().revoke(unit.hash[:8])
    with pytest.raises(CodeError, match="a run names it"):
        require_trust(unit, "run")


def test_trust_is_of_these_bytes_alone(write: Write) -> None:
    TrustStore().add(write(FILES))
    with pytest.raises(CodeError, match="a run names it"):
        require_trust(write({**FILES, "helper.py": "VALUE = 2\n"}), "run")


def test_saved_code_is_never_the_users_own(write: Write, work: Path) -> None:
    unit = write(FILES)
    saved = CodeUnit.read(unit.save(work / "code"))
    with pytest.raises(CodeError, match="it comes with a run"):
        require_trust(saved, "command line")
    with pytest.raises(CodeError, match="code is the folder of a run"):
        require_trust(CodeUnit.read("code/xray.py"), "command line")
    TrustStore().add(unit)  # the same bytes, wherever they lie
    assert require_trust(saved, "run").startswith("trusted since ")


@pytest.mark.parametrize("mark", ["result.json", "run.toml", "retrain.json", "unit.json"])
@pytest.mark.parametrize("at", ["a/b", "a", ".", ".."])
def test_code_in_the_folder_of_a_run_is_not_the_users_own(
    write: Write, work: Path, mark: str, at: str
) -> None:
    unit = write({"a/b/xray.py": ""})
    (work / at / mark).write_text("{}")
    with pytest.raises(CodeError, match="is the folder of a run"):
        require_trust(unit, "command line")


@pytest.mark.parametrize("path", ["xray.py", "helper.py", "."])
@pytest.mark.parametrize("mode", [0o666, 0o664, 0o622])
def test_code_that_others_can_write_is_not_the_users_own(
    write: Write, work: Path, path: str, mode: int
) -> None:
    write(FILES)
    (work / path).chmod(mode | (0o111 if path == "." else 0))
    with pytest.raises(CodeError, match="can be written by others"):
        require_trust(CodeUnit.read("xray.py"), "command line")


def test_code_of_another_user_is_not_the_users_own(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)  # the files are then somebody else's
    with pytest.raises(CodeError, match="belongs to another user"):
        require_trust(write(FILES), "command line")


def test_what_counts_are_permissions_when_the_bytes_were_read(write: Write, work: Path) -> None:
    write(FILES)
    (work / "helper.py").chmod(0o666)
    unit = CodeUnit.read("xray.py")
    (work / "helper.py").chmod(0o644)
    with pytest.raises(CodeError, match="can be written by others"):
        require_trust(unit, "command line")


def test_code_elsewhere_is_not_the_users_own(
    write: Write, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"xray.py": "", "pkg/__init__.py": "", "pkg/part.py": ""})
    shutil.copytree(work, tmp_path / "elsewhere")
    (work / "link").symlink_to(tmp_path / "elsewhere")
    for path in ("../elsewhere/xray.py", "link/xray.py", str(tmp_path / "elsewhere" / "xray.py")):
        with pytest.raises(CodeError, match="does not lie in the current folder"):
            require_trust(CodeUnit.read(path), "command line")
    monkeypatch.chdir(work / "pkg")  # a package that begins here
    assert require_trust(CodeUnit.read("part.py"), "command line") == "yours: it lies here"
    (work / "pkg" / "part.py").write_text("import xray\n")  # which lies above
    with pytest.raises(CodeError, match="does not lie in the current folder"):
        require_trust(CodeUnit.read("part.py"), "command line")
    monkeypatch.chdir("/")
    with pytest.raises(CodeError, match="does not lie in the current folder, /"):
        require_trust(CodeUnit.read(work / "xray.py"), "command line")


def test_settings_from_elsewhere_do_not_make_code_run(
    write: Write, work: Path, tmp_path: Path
) -> None:
    unit = write({**FILES, "download/x.toml": "", "download/x.py": ""})
    with pytest.raises(CodeError, match="does not stand directly in the current folder"):
        require_trust(CodeUnit.read("download/x.py"), Path("download/x.toml"))
    with pytest.raises(CodeError, match="does not stand directly in the current folder"):
        require_trust(unit, Path("download/x.toml"))
    (tmp_path / "other.toml").write_text("")
    (work / "linked.toml").symlink_to(tmp_path / "other.toml")
    with pytest.raises(CodeError, match="is a symbolic link"):
        require_trust(unit, Path("linked.toml"))
    with pytest.raises(CodeError, match="is no file"):
        require_trust(unit, Path("none.toml"))
    (work / "xray.toml").chmod(0o666)
    with pytest.raises(CodeError, match=r"xray\.toml can be written by others"):
        require_trust(unit, Path("xray.toml"))


def test_who_names_code_is_never_guessed(write: Write) -> None:
    with pytest.raises(CodeError, match="a run names it"):
        require_trust(write(FILES), "xray.toml")  # type: ignore[arg-type]
