"""Units are run from the bytes that were hashed, apart from each other and from the disk."""

from __future__ import annotations

import os
import py_compile
import sys
from pathlib import Path

import pytest

from kgtransfer.errors import CodeError
from kgtransfer.trust import CodeUnit

from .conftest import Write


def test_a_neighbour_that_is_swapped_after_the_hash_was_taken_is_not_run(
    write: Write, work: Path
) -> None:
    unit = write({"xray.py": "import helper\n", "helper.py": "VALUE = 'hashed'\n"})
    for name in ("helper.py", "xray.py"):
        (work / name).write_text("raise SystemExit('swapped')\n")
    assert unit.load("helper.VALUE") == "hashed"


def test_imports_of_every_form_are_of_the_unit(write: Write) -> None:
    unit = write({
        "xray.py": "from __future__ import annotations\n"
        "import pkg.sub.deep as d, pkg.sub.deep\nimport helper as h\nfrom pkg import sub, name\n"
        "from pkg.sub import *\nfrom space.inner import X\nimport space.inner\nimport numpy as np\n"
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Xray:\n    width: int = 1\n"
        "ALL = (d.X, pkg.sub.deep.X, h.X, sub.deep.X, name, STAR, X, space.inner.X,\n"
        "       np.int64(1).item(), Xray().width)\n",
        "helper.py": "from pkg.sub import deep\nX = deep.X + 1\n",
        "pkg/__init__.py": "name = 'pkg'\n",
        "pkg/sub/__init__.py": "from . import deep\nfrom .. import name\nSTAR = name + '*'\n",
        "pkg/sub/deep.py": "from ...helper2 import Y\nX = Y\n",
        "helper2.py": "Y = 10\n",
        "space/inner.py": "X = 'space'\n",
    })  # fmt: skip
    assert unit.load("ALL") == (10, 10, 11, 10, "pkg", "pkg*", "space", "space", 1, 1)


def test_two_units_with_modules_of_the_same_name_do_not_mix(work: Path, write: Write) -> None:
    first = write({"one/xray.py": "import helper\n", "one/helper.py": "VALUE = 1\nSEEN = []\n"})
    second = write({"two/xray.py": "import helper\n", "two/helper.py": "VALUE = 2\nSEEN = []\n"})
    assert (first.load("helper.VALUE"), second.load("helper.VALUE")) == (1, 2)
    first.load("helper.SEEN").append("mark")
    assert second.load("helper.SEEN") == []
    assert first.load("helper.SEEN") == ["mark"]  # imported once
    assert "helper" not in sys.modules
    assert "xray" not in sys.modules


def test_standard_library_and_kgtransfer_are_never_replaced(
    write: Write, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(work)
    unit = write({
        "json.py": "import json as real, kgtransfer\nVALUE = real.loads('2')\n",
        "kgtransfer/__init__.py": "raise SystemExit('planted')\n",
    })  # fmt: skip
    assert unit.load("VALUE") == 2
    assert list(unit.files) == ["json.py"]


def test_nothing_is_imported_from_the_folder_but_what_was_hashed(
    write: Write, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = write({"xray.py": "def late(name): return __import__(name)\n"})
    write({"added.py": "raise SystemExit('added')\n", "wave2/__init__.py": "raise SystemExit\n"})
    late = unit.load("late")
    with pytest.raises(ModuleNotFoundError):
        late("added")
    monkeypatch.syspath_prepend(work)  # as `python -m kgtransfer` has it
    for name in ("added", "wave2"):
        with pytest.raises(ImportError, match="no part of the code that was hashed"):
            late(name)
    assert late("numpy").__name__ == "numpy"


def test_no_bytecode_is_read_or_written(write: Write, work: Path) -> None:
    write({"xray.py": "import helper\n", "helper.py": "VALUE = 'stale'\n"})
    stale = Path(str(py_compile.compile("helper.py")))
    times = (work / "helper.py").stat()
    (work / "helper.py").write_text(
        "VALUE = 'fresh'\n"
    )  # as long, and as old: Python would not see
    os.utime(work / "helper.py", ns=(times.st_atime_ns, times.st_mtime_ns))
    before = stale.read_bytes()
    unit = CodeUnit.read("xray.py")
    assert unit.load("helper.VALUE") == "fresh"
    assert [path.read_bytes() for path in stale.parent.iterdir()] == [before]


def test_start_files_of_a_folder_are_not_looked_at(write: Write) -> None:
    unit = write({
        "xray.py": "VALUE = 1\n",
        "evil.pth": "import sys; sys.kgtransfer_pwned = True\n",
        "sitecustomize.py": "import sys; sys.kgtransfer_pwned = True\n",
        "usercustomize.py": "import sys; sys.kgtransfer_pwned = True\n",
    })  # fmt: skip
    before = list(sys.path)
    assert unit.load("VALUE") == 1
    assert (sys.path, hasattr(sys, "kgtransfer_pwned")) == (before, False)
    assert list(unit.files) == ["xray.py"]


def test_a_folder_named_as_the_private_package_is_not_taken_for_it(
    write: Write, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = write({"xray.py": "VALUE = 'hashed'\n"})  # a unit that no other test imported
    planted = work / f"kgtransfer_unit_{unit.hash}"
    planted.mkdir()
    for name in ("__init__.py", "xray.py"):
        (planted / name).write_text("raise SystemExit('planted')\n")
    monkeypatch.syspath_prepend(work)
    assert unit.load("VALUE") == "hashed"


def test_a_module_has_no_path_of_a_file(write: Write) -> None:
    module = write({"xray.py": "VALUE = 1\n"}).load()
    assert not hasattr(module, "__file__")
    assert not hasattr(module, "__cached__")


def test_an_error_in_the_code_names_its_line(write: Write) -> None:
    unit = write({"xray.py": "import helper\n", "helper.py": "\nx = 1 / 0\n"})
    with pytest.raises(CodeError, match=r"^helper\.py:2: ZeroDivisionError: division by zero"):
        unit.load()


def test_a_missing_attribute_names_those_that_are_there(write: Write) -> None:
    unit = write({"xray.py": "class Xray: pass\n_private = 1\n"})
    with pytest.raises(CodeError, match=r"defines no Xrays\n.*it defines: Xray"):
        unit.load("Xrays")
