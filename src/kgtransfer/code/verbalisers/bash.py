"""Shell code: the commands and flags that it names, an example like it, and what they are for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.code.graphs.api import readable
from kgtransfer.code.graphs.bash import BASH, command_iri
from kgtransfer.code.languages.bash import invocations
from kgtransfer.code.verbalisers.base import Step, Verbaliser

if TYPE_CHECKING:
    from kgtransfer.code.corpus import Snippet
    from kgtransfer.code.languages.bash import Invocation
    from kgtransfer.code.verbalisers.base import Around

__all__ = ["SHELL"]

MOST_WORDS = 6  # that a command is given, and that are said


def shell_code_queries(snippet: Snippet) -> list[str]:
    """Shell code -> its words, and those that are neither command nor flag."""
    given = " ".join(_given(call) for call in invocations(snippet.code))
    texts = [text for text in (readable(snippet.code), given) if text.strip()]
    return list(dict.fromkeys(texts)) or [snippet.code]


def shell_graph_queries(snippet: Snippet, around: Around) -> list[str]:
    """Shell code and the concepts around it -> what each command is for, and what the code is."""
    wanted = "; ".join(words.label for words in around.get("examples", {}).values())
    return [text for text in (wanted, shell_context(snippet, around)) if text]


def shell_context(snippet: Snippet, around: Around) -> str:
    """Shell code and the concepts around it -> what each command is for, and what it is given."""
    said = (_said(call, around) for call in invocations(snippet.code))
    return "; ".join(filter(None, said)) or snippet.code


def _said(call: Invocation, around: Around) -> str:
    iri = command_iri(call.name)
    command = around.get("commands", {}).get(iri)
    about = [command.about] if command else []
    examples = around.get("examples", {}).items()
    about += [words.label for example, words in examples if example.startswith(f"{iri}/")]
    return ". ".join(text.rstrip(".") for text in (*about, _given(call)) if text)


def _given(call: Invocation) -> str:
    return re.sub(r"\s+", " ", " ".join(call.words[:MOST_WORDS]))


SHELL = Verbaliser(
    vocabulary="ontology/bash.ttl",
    namespace=BASH,
    paths={
        "commands": (Step("runs"),),
        "flags": (Step("passes"),),
        "examples": (Step("resembles"),),
    },
    code_queries=shell_code_queries,
    graph_queries=shell_graph_queries,
    context=shell_context,
    shown=("bash_most_run",),
)
