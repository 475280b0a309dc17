"""What is learned from, shown before anything is learned."""

from __future__ import annotations

import json
from pathlib import Path

from kgtransfer.code.data import read_code
from kgtransfer.code.query_listing import query_listing


def test_queries_from_code_and_graph_are_shown_with_the_context(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    rows = [{"query": f"q {n}", "code": f"ls -a {n}"} for n in range(4)]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    page = {"command": "ls", "description": "List files.", "examples": [["List all", "ls -a"]]}
    pages = tmp_path / "tldr.jsonl"
    pages.write_text(json.dumps(page), encoding="utf-8")
    data = read_code(str(file), graph=str(pages))
    assert query_listing(data, data.graph, 1) == [
        "ls -a 0",
        "  from the code: ls a 0",
        "  from the code: 0",
        "  from the graph: List all",
        "  from the graph: List files. List all. 0",
        "  in context: List files. List all. 0",
        "ls -a",
        "  documented: List all",
    ]
