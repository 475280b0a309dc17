"""tldr pages read from Markdown and from JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtransfer.code.graphs.tldr import Page, read_pages
from kgtransfer.errors import DataError

TAR = Page(
    "tar",
    "Archiving utility. Often combined with `gzip`.",
    (("Extract an archive", "tar -x path/to/file"), ("List files", "tar tvf file")),
    ("zip",),
)
MARKDOWN = """# tar

> Archiving utility.
> Often combined with `gzip`.
> See also: `zip`.
> More information: <https://www.gnu.org/software/tar>.

- Extract an archive:

`tar {{[-x|--extract]}} {{path/to/file}}`

- List files:

`tar tvf {{file}}`
"""


def test_markdown_and_json_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "tar.md").write_text(MARKDOWN, encoding="utf-8")
    row = {
        "command": "tar",
        "description": TAR.description,
        "examples": [
            ["Extract an archive", "tar {{[-x|--extract]}} {{path/to/file}}"],
            ["List files", "tar tvf {{file}}"],
        ],
        "see_also": ["zip"],
    }
    lines = tmp_path / "pages.jsonl"
    lines.write_text(f"{json.dumps(row)}\n{json.dumps(row)}\n", encoding="utf-8")
    assert read_pages(tmp_path) == read_pages(lines) == [TAR]


def test_what_is_no_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no tldr page"):
        read_pages(tmp_path)
    lines = tmp_path / "pages.jsonl"
    lines.write_text('{"command": "a"}', encoding="utf-8")
    with pytest.raises(DataError, match=r"pages.jsonl:1: no tldr page"):
        read_pages(lines)
