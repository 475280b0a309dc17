from __future__ import annotations

import io
import sys

import pytest

from kgtransfer.terminal import counted, printable, show_what_can_be_shown


def test_control_characters_are_spelt_out() -> None:
    assert printable("a\x1b[31mred\x9b\r\x00") == r"a\x1b[31mred\x9b\x0d\x00"
    assert printable("Größe 細胞\tin\nlines") == "Größe 細胞\tin\nlines"


def test_counts_agree_with_their_noun() -> None:
    assert [counted(n, "hint") for n in (0, 1, 2)] == ["0 hints", "1 hint", "2 hints"]


def test_what_the_encoding_lacks_is_spelt_out(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # what cannot be told is left alone
    show_what_can_be_shown()
    print("Größe", "bad\udcff", flush=True)
    assert written.getvalue() == rb"Gr\xf6\xdfe bad\udcff" + b"\n"
