"""Code in any language: the functions that it calls, and what their documentation says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.code.graphs.api import API, readable
from kgtransfer.code.graphs.called import DEFINED, called_names
from kgtransfer.code.verbalisers.base import Step, Verbaliser

if TYPE_CHECKING:
    from kgtransfer.code.corpus import Snippet
    from kgtransfer.code.verbalisers.base import Around

__all__ = ["CALLS"]

MOST_CALLS = 3  # that are said
MOST_WORDS = 24  # of the code that a query repeats


def calls_code_queries(snippet: Snippet) -> list[str]:
    """Code -> its name, what it calls, its words."""
    names = [snippet.name] if snippet.name else DEFINED.findall(snippet.code)[:1]
    called = called_names(snippet.code)[:MOST_CALLS]
    words = readable(snippet.code).split()[:MOST_WORDS]
    texts = (" ".join(map(readable, names)), " ".join(map(readable, (*names, *called))))
    said = dict.fromkeys(text for text in (*texts, " ".join(words)) if text)
    return list(said) or [snippet.code]


def calls_graph_queries(snippet: Snippet, around: Around) -> list[str]:
    """Code and the functions that it calls -> what these do."""
    said = [words.about.rstrip(".") for words in around.get("calls", {}).values() if words.about]
    return [". ".join(said[:MOST_CALLS])] if said else calls_code_queries(snippet)


def calls_context(snippet: Snippet, around: Around) -> str:
    """Code -> the same under what the functions that it calls do."""
    said = [words.about.rstrip(".") for words in around.get("calls", {}).values() if words.about]
    return f"{'. '.join(said[:MOST_CALLS])}\n{snippet.code}" if said else snippet.code


CALLS = Verbaliser(
    vocabulary="ontology/api.ttl",
    namespace=API,
    paths={"calls": (Step("calls"),)},
    code_queries=calls_code_queries,
    graph_queries=calls_graph_queries,
    context=calls_context,
    shown=("counts_by_relation",),
)
