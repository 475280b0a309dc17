"""Units of code: which files they are, what their hash says, and how they are saved."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtransfer.errors import CodeError
from kgtransfer.trust import CodeUnit

from .conftest import Write

HELPED = {"xray.py": "import helper\nVALUE = helper.VALUE\n", "helper.py": "VALUE = 1\n"}


def test_the_hash_is_over_entry_names_lengths_and_bytes() -> None:
    unit = CodeUnit("a.py", {"b.py": b"y", "a.py": b"xx"})
    parts = (b"kgtransfer code unit 1", b"a.py", b"a.py", b"xx", b"b.py", b"y")
    expected = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    assert unit.hash == hashlib.sha256(expected).hexdigest()


modules = st.sampled_from(["a.py", "ab.py", "b.py", "a/b.py"])
units = st.dictionaries(modules, st.binary(max_size=2), min_size=1, max_size=3).flatmap(
    lambda files: st.tuples(st.sampled_from(sorted(files)), st.just(files))
)


@settings(max_examples=50)
@given(units, units)
def test_two_units_have_one_hash_only_where_they_are_the_same(
    a: tuple[str, dict[str, bytes]], b: tuple[str, dict[str, bytes]]
) -> None:
    assert (CodeUnit(*a).hash == CodeUnit(*b).hash) == (a == b)


def test_what_a_file_imports_beside_it_belongs_to_it_and_nothing_else(write: Write) -> None:
    unit = write({
        "xray.py": "import json, numpy\n"
        "from pkg.deep import x\n"
        "def later():\n    import helper\n"
        "try:\n    from other import y as z\nexcept ImportError: pass\n",
        "helper.py": "from lone import space\n",
        "other.py": "y = 1\n",
        "lone/space.py": "",
        "pkg/__init__.py": "",
        "pkg/deep.py": "from . import by_name\n",
        "pkg/by_name.py": "",
        "pkg/plugins/one.py": "",
        "pkg/not-a-module.py": "",
        "pkg/notes.txt": "no code",
        "pkg/__pycache__/deep.cpython-311.pyc": b"stale",
        "unasked.py": "raise SystemExit",
        "json.py": "raise SystemExit",
        "kgtransfer.py": "raise SystemExit",
    })  # fmt: skip
    assert list(unit.files) == [
        "helper.py", "lone/space.py", "other.py", "pkg/__init__.py", "pkg/by_name.py",
        "pkg/deep.py", "pkg/plugins/one.py", "xray.py",
    ]  # fmt: skip


def test_a_change_of_a_neighbour_is_another_unit(write: Write) -> None:
    before = write(HELPED)
    unrelated = write({**HELPED, "unasked.py": "1"})
    assert unrelated.hash == before.hash
    assert write({**HELPED, "helper.py": "VALUE = 2\n"}).hash != before.hash


def test_a_neighbour_that_appears_and_would_be_imported_is_another_unit(write: Write) -> None:
    optional = {"xray.py": "try:\n    import extra\nexcept ImportError:\n    pass\n"}
    assert write(optional).hash != write({**optional, "extra.py": ""}).hash


def test_a_file_in_a_package_comes_with_the_packages_above(write: Write) -> None:
    files = {"a/b/c.py": "from .. import d\n", "a/__init__.py": "", "a/b/__init__.py": "",
             "a/d.py": "", "beside.py": ""}  # fmt: skip
    unit = write(files)
    assert unit.entry == "a/b/c.py"
    assert list(unit.files) == ["a/__init__.py", "a/b/__init__.py", "a/b/c.py", "a/d.py"]
    assert CodeUnit.read("a").entry == "a/__init__.py"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x = '\xe9'\n", "no UTF-8 text"),
        (b"# -*- coding: latin-1 -*-\nx = 1\n", "it declares iso-8859-1"),
        (b"# -*- coding: utf-7 -*-\n", "it declares utf-7"),
        (b"# -*- coding: no-such -*-\n", "unknown encoding"),
        (b"def f(:\n", r"xray\.py:1"),
        (b"x = 1\x00\n", "null bytes"),
        (b"(" * 10_000, "xray.py"),
        (b"-" * 1_000_000 + b"1", "xray.py"),
    ],
)
def test_what_is_no_python_in_utf8_is_refused(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(CodeError, match=message):
        write({"xray.py": content})


def test_a_byte_order_mark_is_fine(write: Write) -> None:
    assert write({"xray.py": b"\xef\xbb\xbfVALUE = 3\n"}).load("VALUE") == 3


@pytest.mark.parametrize("link", ["xray.py", "helper.py", "pkg/part.py", "pkg"])
def test_links_are_refused(write: Write, work: Path, tmp_path: Path, link: str) -> None:
    files = {"xray.py": "import helper, pkg\n", "helper.py": "", "pkg/__init__.py": "",
             "pkg/part.py": ""}  # fmt: skip
    write(files)
    elsewhere = tmp_path / "elsewhere"
    (work / link).rename(elsewhere)
    (work / link).symlink_to(elsewhere)
    with pytest.raises(CodeError, match="is a symbolic link"):
        CodeUnit.read("xray.py")


@pytest.mark.parametrize("name", ["helper.so", "helper.cpython-311-x86_64-linux-gnu.so",
                                  "helper.pyc", "pkg/fast.so"])  # fmt: skip
def test_compiled_code_is_refused(write: Write, name: str) -> None:
    with pytest.raises(CodeError, match=f"{Path(name).name} is compiled code"):
        write({"xray.py": "import helper, pkg\n", "pkg/__init__.py": "", name: b"\x7fELF"})
    with pytest.raises(CodeError, match="is no Python file"):
        CodeUnit.read(name)


def test_what_is_no_plain_file_does_not_hang(work: Path) -> None:
    os.mkfifo(work / "xray.py")
    with pytest.raises(CodeError, match="is no regular file"):
        CodeUnit.read("xray.py")
    for path in ("none.py", "no/folder.py", ".", "xray.py/below.py", "a\0.py", "a" * 300 + ".py"):
        with pytest.raises(CodeError):
            CodeUnit.read(path)


def test_too_much_code_is_refused(write: Write) -> None:
    with pytest.raises(CodeError, match="more than 1,000 files or 8 MiB"):
        write({"xray.py": b"#" * (8 * 2**20 + 1)})
    with pytest.raises(CodeError, match="folders more than 32 deep"):
        write({"x.py": "import deep\n", "deep/__init__.py": "", "deep" + "/a" * 40 + "/b.py": ""})
    many = {f"pkg/m{number}.py": "" for number in range(1_000)}
    with pytest.raises(CodeError, match="more than 1,000 files or 8 MiB"):
        write({"xray.py": "import pkg\n", "pkg/__init__.py": "", **many})


@pytest.mark.parametrize(
    "name",
    ["../evil.py", "/etc/evil.py", "a/../../evil.py", "a//b.py", "./a.py", "a\\b.py", "evil.pth",
     "evil.so", "a.b.py", "a\x00.py", "a\n.py", ".hidden.py", "cafe\u0301.py", "ﬁ.py", ".py", ""],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(work: Path, name: str) -> None:
    with pytest.raises(CodeError, match="is no name of a module"):
        CodeUnit("a.py", {"a.py": b"", name: b""})


def test_names_that_some_systems_do_not_tell_apart_are_refused() -> None:
    with pytest.raises(CodeError, match="differ by case alone"):
        CodeUnit("a.py", {"a.py": b"", "A.py": b""})


def test_a_saved_unit_is_read_back_with_its_hash_wherever_it_lies(
    write: Write, tmp_path: Path
) -> None:
    unit = write({**HELPED, "pkg/__init__.py": "", "xray.py": "import helper, pkg.a\nVALUE = 5\n",
                  "pkg/a.py": ""})  # fmt: skip
    unit.save(tmp_path / "run" / "code")
    shutil.move(tmp_path / "run", tmp_path / "moved")
    back = CodeUnit.read(tmp_path / "moved" / "code")
    assert (back.hash, back.entry, dict(back.files)) == (unit.hash, unit.entry, dict(unit.files))
    assert back.load("VALUE") == 5


def test_a_saved_unit_that_was_changed_is_refused(write: Write, tmp_path: Path) -> None:
    folder = write(HELPED).save(tmp_path / "code")
    (folder / "helper.py").write_text("VALUE = 2\n")
    with pytest.raises(CodeError, match=r"helper\.py: missing, or not what was saved"):
        CodeUnit.read(folder)
    (folder / "helper.py").unlink()
    with pytest.raises(CodeError, match=r"helper\.py: missing"):
        CodeUnit.read(folder)


def test_a_saved_unit_whose_digests_were_made_anew_has_another_hash(
    write: Write, tmp_path: Path
) -> None:
    unit = write(HELPED)
    folder = unit.save(tmp_path / "code")
    (folder / "helper.py").write_text("VALUE = 2\n")
    index = json.loads((folder / "unit.json").read_text())
    index["files"]["helper.py"] = hashlib.sha256(b"VALUE = 2\n").hexdigest()
    (folder / "unit.json").write_text(json.dumps(index))
    with pytest.raises(CodeError, match="not the code that was saved there"):
        CodeUnit.read(folder)
    index["hash"] = CodeUnit("xray.py", {**unit.files, "helper.py": b"VALUE = 2\n"}).hash
    (folder / "unit.json").write_text(json.dumps(index))
    assert CodeUnit.read(folder).hash != unit.hash  # so it is not what was trusted


@pytest.mark.parametrize(
    "index",
    ["", "[]", "{}", "null", "[" * 100_000, '{"format": "kgtransfer code unit 1"}',
     '{"format": "kgtransfer code unit 1", "entry": 1, "hash": "", "files": {"1.py": ""}}',
     '{"format": "kgtransfer code unit 1", "entry": "x.py", "hash": "", "files": []}',
     '{"format": "kgtransfer code unit 1", "entry": "../x", "hash": "", "files": {"../x": ""}}'],
)  # fmt: skip
def test_an_index_that_is_none_is_refused(tmp_path: Path, index: str) -> None:
    (tmp_path / "x.py").write_text("")
    (tmp_path / "unit.json").write_text(index)
    with pytest.raises(CodeError):
        CodeUnit.read(tmp_path)


def test_a_file_that_no_index_names_takes_no_part(write: Write, tmp_path: Path) -> None:
    folder = write(
        {"xray.py": "import importlib\ndef late(): return importlib.import_module('added')\n"}
    ).save(tmp_path / "c")
    (folder / "added.py").write_text("raise SystemExit\n")
    unit = CodeUnit.read(folder)
    assert list(unit.files) == ["xray.py"]
    with pytest.raises(ModuleNotFoundError):
        unit.load("late")()
