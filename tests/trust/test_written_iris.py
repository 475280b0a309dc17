from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import CodeError
from kgtransfer.trust.naming import named_code
from kgtransfer.trust.written_iris import LONGEST, written_iris

X = "http://example.org/x#"


def iris(folder: Path, code: str, **beside: str) -> set[str]:
    """The IRIs that a file writes out; files beside it by their names."""
    for name, text in {"my_measures": code, **beside}.items():
        (folder / f"{name}.py").write_text(text)
    return {*written_iris(named_code(str(folder / "my_measures.py"))[0])}


@pytest.mark.parametrize(
    "code",
    [
        f'measures = {{"{X}dark": len}}',
        f'MY = "{X}"\nmeasures = {{MY + "dark": len}}',
        f'MY: str = "{X}"\nmeasures = {{f"{{MY}}dark": len}}',
        'HOST = "http://example.org/"\nMY = HOST + "x#"\nmeasures = {MY + "dark": len}',
        f'class Xray:\n    measures = ("{X}dark",)\n    def measure(self, images): ...',
    ],
)
def test_an_iri_may_be_written_in_parts(tmp_path: Path, code: str) -> None:
    assert X + "dark" in iris(tmp_path, code)


def test_a_namespace_may_stand_in_a_file_beside(tmp_path: Path) -> None:
    code = 'from names import MY\nmeasures = {MY + "dark": len}'
    assert X + "dark" in iris(tmp_path, code, names=f'MY = "{X}"')


def test_what_only_running_tells_is_not_there(tmp_path: Path) -> None:
    code = f'measures = {{"{X}%s" % name: len for name in ["dark"]}}'
    assert X + "dark" not in iris(tmp_path, code)


def test_words_are_no_iris(tmp_path: Path) -> None:
    code = '"""See http://example.org/x#dark for more."""\nnote = "a: b"\nmeasures = {}'
    assert iris(tmp_path, code) == set()


def test_nothing_runs(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = f'open({str(trace)!r}, "w").close()\nmeasures = {{"{X}dark": len}}'
    assert X + "dark" in iris(tmp_path, code)
    assert not trace.exists()


def test_a_text_that_doubles_itself_takes_no_memory(tmp_path: Path) -> None:
    code = f'a = "{X}"\n' + "a = a + a\n" * 200 + f'measures = {{"{X}dark": len}}'
    found = iris(tmp_path, code)
    assert X + "dark" in found
    assert max(map(len, found)) <= LONGEST


def test_no_python_is_an_error_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CodeError, match=r"my_measures\.py:2"):
        iris(tmp_path, "x = 1\nmeasures = {")
