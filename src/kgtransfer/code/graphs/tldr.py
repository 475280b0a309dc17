"""tldr pages -> commands, what they do, and examples of them: a folder of Markdown, or JSON lines.

The pages: github.com/tldr-pages/tldr, CC BY 4.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.code.json_lines import json_lines
from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Page", "read_pages"]

OPTION = re.compile(r"\{\{\[([^|\]]+)\|[^\]]+\]\}\}")  # {{[-r|--recursive]}}: short and long
PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")


@dataclass(frozen=True)
class Page:
    """What a page says of a command.

    Attributes:
        command: its name.
        description: what it does.
        examples: what one may want, and how to write it, placeholders as words.
        see_also: names of other commands.
    """

    command: str
    description: str
    examples: tuple[tuple[str, str], ...] = ()
    see_also: tuple[str, ...] = ()


def read_pages(path: Path) -> list[Page]:
    """Folder of Markdown pages, or JSON lines -> pages, the first of each command.

    A line of JSON has `command`, `description`, `examples` (pairs of text and command) and
    `see_also`.

    Raises:
        DataError: there is no page, or a line is none.
    """
    pages = _markdown_pages(path) if path.is_dir() else _rows(path)
    found: dict[str, Page] = {}
    for page in pages:
        found.setdefault(page.command, page)
    if not found:
        raise DataError(f"{path}: no tldr page", cure="give the folder `pages` of tldr-pages/tldr")
    return list(found.values())


def _rows(path: Path) -> Iterator[Page]:
    for line, row in json_lines(path):
        try:
            yield _page(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(
                f"{path}:{line}: no tldr page ({type(error).__name__}: {error})",
                cure='write {"command": .., "description": .., "examples": [[text, command], ..]}',
            ) from error


def _page(row: Mapping[str, Any]) -> Page:
    examples = tuple((str(text), _plain(command)) for text, command in row["examples"])
    return Page(row["command"], row["description"], examples, tuple(row.get("see_also", ())))


def _markdown_pages(folder: Path) -> Iterator[Page]:
    for file in sorted(folder.rglob("*.md")):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        title = next((line[2:].strip() for line in lines if line.startswith("# ")), "")
        said = [line[2:].strip() for line in lines if line.startswith("> ")]
        about = [line for line in said if not line.startswith(("See also:", "More information:"))]
        others = [line for line in said if line.startswith("See also:")]
        if title:
            see_also = tuple(re.findall(r"`([^`]+)`", " ".join(others)))
            yield Page(title, " ".join(about), tuple(_examples(lines)), see_also)


def _examples(lines: list[str]) -> Iterator[tuple[str, str]]:
    text = ""
    for line in lines:
        if line.startswith("- "):
            text = line[2:].strip().rstrip(":")
        elif text and line.startswith("`") and line.endswith("`"):
            yield text, _plain(line.strip("`"))
            text = ""


def _plain(command: str) -> str:
    return PLACEHOLDER.sub(r"\1", OPTION.sub(r"\1", command))
