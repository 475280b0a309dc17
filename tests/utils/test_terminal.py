from __future__ import annotations

import ast
import io
import json
import logging
import math
import re
import sys
import unicodedata
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.utils.progress import bar, say
from kgtransfer.utils.terminal import (
    complain,
    counted,
    deliver,
    emit,
    json_text,
    printable,
    safe_streams,
    show,
    show_diff,
    table,
    tell,
)

HOSTILE = "a\x1b[31mb\u202ec\u200bd\U000e0041e\x9bf\u2066g\ufe0fh\u3164i\u2028j"
SHOWN = r"a\x1b[31mb\u202ec\u200bd\U000e0041e\x9bf\u2066g\ufe0fh\u3164i\u2028j"


@pytest.fixture
def processes_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `safe_streams` changes in a process is put back after the test."""
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


def harmless(text: str) -> bool:
    return not any(
        unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text if c not in "\t\n"
    )


def test_what_steers_or_is_unseen_is_spelt_out() -> None:
    assert printable("a\x1b[31mred\x9b\r\x00") == r"a\x1b[31mred\x9b\x0d\x00"
    assert printable("Größe 細胞\tin\nlines\u00a0🙂") == "Größe 細胞\tin\nlines\u00a0🙂"
    assert printable(HOSTILE) == SHOWN


def test_every_character_there_is() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    steering = "".join(c for c in every if c not in "\t\n" and not harmless(c))
    assert printable(steering).isascii()
    assert printable(steering).isprintable()


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_harmless_everywhere(text: str) -> None:
    assert harmless(printable(text))
    written = json_text({text: [text, math.nan]})
    assert harmless(written)
    assert json.loads(written) == {text: [text, None]}


@pytest.mark.parametrize("print_", [tell, complain, say])
def test_lines_are_printable(print_, capsys: pytest.CaptureFixture[str]) -> None:
    print_(HOSTILE, "[red]x[/nope] :smile:")
    output = capsys.readouterr()
    assert output.out + output.err == f"{SHOWN}\n[red]x[/nope] :smile:\n"


def test_complaints_hold_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    complain("bolt://kim:sesame@host")
    assert capsys.readouterr().err == "bolt://***@host\n"


def test_tables_are_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    link = "[link=http://e/]x[/link]"
    show(table([HOSTILE, link], [("[red]x[/nope]", f"{link}{HOSTILE}")]), whole=True)
    header, row = capsys.readouterr().out.splitlines()
    assert header.split() == [SHOWN, link]
    assert row.split() == ["[red]x[/nope]", link + SHOWN]


def test_a_bar_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with bar(f"[b]{HOSTILE}", total=1) as advance:
        advance(1, f"[red]{HOSTILE}")
    assert f"[red]{SHOWN}" in screen.getvalue()


def test_documents_are_exact_in_a_pipe_and_printable_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    emit(f"{HOSTILE}\r\n")
    assert capsys.readouterr().out == f"{HOSTILE}\r\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    emit(f"{HOSTILE}\n")
    assert capsys.readouterr().out == f"{SHOWN}\n"


@pytest.mark.usefixtures("processes_own")
def test_warnings_and_logs_of_anybody_are_safe() -> None:
    safe_streams()
    text = warnings.formatwarning(f"{HOSTILE} s3://kim:sesame@h", UserWarning, "a.py", 1)
    assert text == f"warning: {SHOWN} s3://***@h\n"
    screen = io.StringIO()
    handler = logging.StreamHandler(screen)
    logging.getLogger("a.library").addHandler(handler)
    logging.getLogger("a.library").warning("%s %s", HOSTILE, "s3://kim:sesame@h")
    logging.getLogger("a.library").removeHandler(handler)
    assert screen.getvalue() == f"{SHOWN} s3://***@h\n"


def test_counts_agree_with_their_noun() -> None:
    assert [counted(n, "hint") for n in (0, 1, 2)] == ["0 hints", "1 hint", "2 hints"]


@pytest.mark.usefixtures("processes_own")
def test_what_the_encoding_lacks_is_spelt_out(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # what cannot be told is left alone
    safe_streams()
    print("Größe", "bad\udcff", flush=True)
    assert written.getvalue() == rb"Gr\xf6\xdfe bad\udcff" + b"\n"


def test_nothing_prints_but_the_terminal_module(repository: Path) -> None:
    prints = re.compile(r"(?:print|Console|typer\.s?echo|sys\.std(?:out|err)\.write)")
    files = [*repository.glob("src/**/*.py"), *repository.glob("pipelines/*.py")]
    speaking = {
        file.name
        for file in files
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Call) and prints.fullmatch(ast.unparse(node.func))
    }
    assert speaking == {"terminal.py", "engine.py"}  # that one speaks to the client that started it


def test_a_diff_and_a_file_go_into_a_pipe_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    show_diff("-a\x1b\r\n+b\r\n")
    deliver("é\u202e\n".encode())
    assert capsys.readouterr().out == "-a\x1b\r\n+b\r\né\u202e\n"


def test_on_a_terminal_they_are_printable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show_diff("-a\x1b\n")
    deliver("é\u202e\n".encode())
    output = capsys.readouterr().out
    assert "-a\\x1b" in output
    assert output.endswith("é\\u202e\n")
