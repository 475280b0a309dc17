"""Answers -> an MCP server: tools that a coding assistant calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from kgtransfer.errors import KgTransferError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kgtransfer.code.serving.answers import Answers

__all__ = ["mcp_server"]

SAYS = (
    "Finds functions of one code base by what they do, in an encoder that was adapted to it with "
    "the graph of its API, and answers about that graph. Ask search_code in plain words before "
    "you write a function that may exist."
)


def mcp_server(answers: Answers) -> MCPServer[Any]:
    """Answers -> a server with the tools `search_code`, `concepts` and `cypher`; all only read."""
    server = MCPServer[Any]("kgtransfer", instructions=SAYS, log_level="WARNING")

    def search_code(query: str, k: int = 5) -> dict[str, Any]:
        """Functions that do what the words say, best first.

        Each with its dotted name, module, source, score (cosine), and what of its surroundings
        counted. Ask for a behaviour ("read a csv file row by row"), not for a name.
        """
        return {"hits": _told(lambda: answers.search(query, k))}

    def concepts(what: str, k: int = 5) -> dict[str, Any]:
        """Modules, classes, functions and parameters of the code base, by words or by IRI.

        Each with its label, its comment, the concepts nearest to it, and functions that stand in,
        call, or are called by it.
        """
        return {"concepts": _told(lambda: answers.concepts(what, k))}

    def cypher(query: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Rows of a Cypher statement that only reads the code base's graph.

        Nodes are (:Resource {uri, rdfs__label, rdfs__comment}) with labels api__Module, api__Class,
        api__Function, api__Method, api__Parameter; relationships are api__partOf, api__calls,
        api__imports, api__extends, api__raises, api__hasParameter. Use LIMIT.
        Example: MATCH (f)-[:api__calls]->(g {rdfs__label: $name}) RETURN f.uri LIMIT 20
        """
        return {"rows": _told(lambda: answers.cypher(query, parameters or {}))}

    for tool in (search_code, concepts, cypher):
        only_reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
        server.add_tool(tool, annotations=only_reads, structured_output=True)
    return server


def _told(ask: Callable[[], Any]) -> Any:
    """What a question gives; what the asker can mend, as the tool's error."""
    try:
        return ask()
    except KgTransferError as error:
        raise ToolError(str(error)) from error
