"""The lines above a function in its own file: code alone, ten at most."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kgtransfer.code.languages.source import Definition, SourceModule
from kgtransfer.code.neighbouring import lines_above, under_lines


def _module(codes: Sequence[str]) -> SourceModule:
    definitions = tuple(
        Definition("function", f"f{line}", f"m.f{line}", "m", "m", line, "Documented.", code)
        for line, code in enumerate(codes)
    )
    return SourceModule("m", Path("m.py"), "A module.", {}, definitions[::-1])


def test_lines_above_are_those_of_the_definitions_before_without_their_documentation() -> None:
    above = lines_above(
        [_module(["def f0():\n\n    pass", "def f1():\n    return 1", "def f2(): 2"])]
    )
    assert above == {
        "m.f0": "",
        "m.f1": "def f0():\n    pass",
        "m.f2": "def f0():\n    pass\ndef f1():\n    return 1",
    }


def test_there_are_ten_at_most() -> None:
    above = lines_above([_module([f"x = {number}" for number in range(12)])])
    assert above["m.f11"].splitlines() == [f"x = {number}" for number in range(1, 11)]


def test_code_stands_under_its_lines() -> None:
    assert under_lines("def f(): pass", "x = 1") == "x = 1\ndef f(): pass"
    assert under_lines("def f(): pass", "") == "def f(): pass"
