"""A real MCP client asks the tools."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from mcp import Client

from kgtransfer.code.serving.answers import Answers
from kgtransfer.code.serving.mcp import mcp_server


@pytest.fixture
def ask(answers: Answers) -> Any:
    def ask(name: str, **arguments: Any) -> tuple[bool, str]:
        async def asking() -> tuple[bool, str]:
            async with Client(mcp_server(answers)) as client:
                result = await client.call_tool(name, arguments)
                return bool(result.is_error), result.content[0].text

        return anyio.run(asking)

    return ask


def test_an_assistant_finds_functions_concepts_and_rows(ask: Any) -> None:
    failed, text = ask("search_code", query="deserialize a json document", k=2)
    assert not failed
    assert [hit["module"].partition(".")[0] for hit in json.loads(text)["hits"]] == ["json"] * 2
    failed, text = ask("concepts", what="py:calendar")
    assert json.loads(text)["concepts"][0]["label"] == "calendar"
    failed, text = ask("cypher", query="RETURN $x AS x", parameters={"x": 2})
    assert json.loads(text) == {"rows": [{"x": 2}]}


def test_what_the_assistant_can_mend_is_told_to_it(ask: Any) -> None:
    failed, text = ask("cypher", query="MATCH (n) DELETE n")
    assert failed
    assert "DELETE is not allowed here" in text
    assert "what to do: only statements that read" in text
    failed, text = ask("search_code", query="")
    assert failed
    assert "0 characters" in text


def test_tools_say_that_they_only_read(answers: Answers) -> None:
    async def tools() -> dict[str, Any]:
        async with Client(mcp_server(answers)) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    found = anyio.run(tools)
    assert found.keys() == {"search_code", "concepts", "cypher"}
    assert all(tool.annotations.read_only_hint for tool in found.values())
