from __future__ import annotations

import pytest

from kgtransfer.errors import CodeError
from kgtransfer.trust.naming import named_code

from .conftest import Write


def test_a_file_an_object_of_it_and_a_folder_are_named(write: Write) -> None:
    unit = write({"xray.py": "class Xray: pass\n", "pkg/__init__.py": ""})
    for text, attribute in (("xray.py", ""), ("xray.py:Xray", "Xray"), ("./xray.py:a.b", "a.b")):
        code, named = named_code(text)
        assert (code.hash, named) == (unit.hash, attribute)
    assert named_code("pkg")[0].hash != unit.hash


def test_an_entry_point_is_never_a_file_of_that_name(write: Write) -> None:
    write({"xray.py": "", "kgtransfer.measures:none/unit.json": ""})
    with pytest.raises(CodeError, match="nothing offers it"):
        named_code("kgtransfer.measures:none")
