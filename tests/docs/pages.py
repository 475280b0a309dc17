"""A page of documentation -> its blocks of code, and what they do when they are run in order."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FENCE = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Attributes: its language, the file that it is to stand in, its text."""

    language: str
    title: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for language, title, text in FENCE.findall(page.read_text(encoding="utf-8")):
        yield Block(language, title, text)


def run_page(
    page: Path, command: Callable[[list[str]], None] | None = None
) -> tuple[list[str], list[str]]:
    """Write the files of a page into the current folder and run its Python.

    Args:
        page: Markdown; a block with a title is a file, other blocks of Python run one after the
            other, and a block of text after one is what it prints.
        command: runs a line of the blocks of `sh`; without it these are left out.

    Returns:
        What it printed, and what the page says that it prints.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    printed, outputs, promised = "", [], []
    for block in blocks(page):
        if block.language == "diff":
            _edit(Path(block.title), block.text)
        elif block.title:
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            printed = _printed(block.text, page, names)
        elif block.language == "text":
            outputs.append(printed)
            promised.append(block.text)
        elif block.language == "sh" and command:
            for line in block.text.splitlines():
                command(shlex.split(line, comments=True))
    return outputs, promised


def _edit(file: Path, difference: str) -> None:
    """Lines that start with - become those that start with +."""
    old, new = (
        "".join(line[1:] + "\n" for line in difference.splitlines() if line.startswith(sign))
        for sign in "-+"
    )
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def _printed(code: str, page: Path, names: dict[str, Any]) -> str:
    """Run code as if it stood in a file of the current folder."""
    output = io.StringIO()
    sys.path.insert(0, str(Path.cwd()))
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(code, str(page), "exec"), names)
    finally:
        sys.path.remove(str(Path.cwd()))
    return output.getvalue()
