"""Pages about commands, and shell code -> their graph, in the vocabulary of `ontology/bash.ttl`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from kgtransfer.code.corpus import Query, Snippet
from kgtransfer.code.graphs.tldr import Page
from kgtransfer.code.languages.bash import invocations
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kgtransfer.code.languages.bash import Invocation

__all__ = [
    "BASH",
    "COMMAND",
    "blank_pages",
    "build_bash_graph",
    "command_iri",
    "documented_examples",
    "pages_in",
    "pages_of",
]

BASH = "https://w3id.org/kgtransfer/bash#"
COMMAND = "https://w3id.org/kgtransfer/command/"
"""What the IRIs of commands, their flags and examples begin with."""
PREFIXES = {"bash": BASH, "rdfs": RDFS}
SHARED_WORD = 0.1  # what a word in common counts, beside flags


def command_iri(name: str) -> str:
    """Name of a command -> its IRI."""
    return COMMAND + quote(name, safe="._-")


def pages_in(graph: KnowledgeGraph) -> list[Page]:
    """A graph of commands -> their pages, such as `build_bash_graph` makes a graph of."""
    pages = []
    for command in graph.instances(BASH + "Command"):
        parts = graph.subjects(BASH + "partOf", command)
        examples = [iri for iri in parts if BASH + "Example" in graph.types(iri)]
        examples.sort(key=lambda iri: (len(iri), iri))  # in the order of their numbers
        pages.append(
            Page(
                graph.label(command),
                graph.comment(command),
                tuple((graph.label(iri), _code_in(graph, iri)) for iri in examples),
                tuple(map(graph.label, graph.named(command, BASH + "seeAlso"))),
            )
        )
    return pages


def _code_in(graph: KnowledgeGraph, example: str) -> str:
    found = graph.objects(example, BASH + "code")
    return next((term.value for term in found if isinstance(term, ox.Literal)), "")


def pages_of(pages: Iterable[Page], snippets: Iterable[Snippet]) -> list[Page]:
    """The pages of commands that some code runs: others would condition nothing."""
    run = _run_by(snippets)
    return [page for page in pages if page.command.lower() in run]


def blank_pages(snippets: Iterable[Snippet]) -> list[Page]:
    """A page without a word for each command that some code runs: all that the code alone says."""
    return [Page(name, "") for name in sorted(_run_by(snippets))]


def _run_by(snippets: Iterable[Snippet]) -> set[str]:
    return {call.name for snippet in snippets for call in invocations(snippet.code)}


def documented_examples(pages: Iterable[Page]) -> list[Query]:
    """Pages -> their examples: what is wanted, and the code that does it."""
    return [
        Query(text.rstrip(".:"), Snippet(_example_iri(page, number), "", page.command, code))
        for page in pages
        for number, (text, code) in enumerate(page.examples)
    ]


def build_bash_graph(pages: Iterable[Page], snippets: Iterable[Snippet]) -> KnowledgeGraph:
    """Pages, and shell code -> one graph.

    Code runs commands, passes flags, and resembles an example of each command: the one whose flags
    are most alike. An example that stands among the code resembles others.

    Args:
        pages: about commands.
        snippets: shell code.
    """
    return KnowledgeGraph(_Builder(pages).triples(snippets), PREFIXES)


class _Builder:
    def __init__(self, pages: Iterable[Page]) -> None:
        self.pages = {page.command.lower(): page for page in pages}
        self.examples = {
            name: [
                (_example_iri(page, number), call)
                for number, (_, code) in enumerate(page.examples)
                if (call := _call_of(name, code))
            ]
            for name, page in self.pages.items()
        }
        self.flags = {  # of each command those that an example shows
            name: {flag for _, call in examples for flag in call.flags}
            for name, examples in self.examples.items()
        }

    def triples(self, snippets: Iterable[Snippet]) -> Iterator[ox.Triple]:
        for name, page in self.pages.items():
            yield from self._page(name, page)
        for snippet in snippets:
            calls = [call for call in invocations(snippet.code) if call.name in self.pages]
            if not calls:
                continue
            if not snippet.iri.startswith(COMMAND):
                yield _link(snippet.iri, RDF_TYPE.value, BASH + "CommandLine")
                yield _said(snippet.iri, RDFS + "label", snippet.iri.rpartition("/")[2])
            for call in calls:
                yield from self._call(snippet.iri, call)

    def _page(self, name: str, page: Page) -> Iterator[ox.Triple]:
        iri = command_iri(name)
        yield _link(iri, RDF_TYPE.value, BASH + "Command")
        yield _said(iri, RDFS + "label", page.command)
        if page.description:
            yield _said(iri, RDFS + "comment", page.description)
        for other in page.see_also:
            if other.lower() in self.pages:
                yield _link(iri, BASH + "seeAlso", command_iri(other.lower()))
        for flag in sorted(self.flags[name]):
            yield _link(_flag_iri(name, flag), RDF_TYPE.value, BASH + "Flag")
            yield _said(_flag_iri(name, flag), RDFS + "label", flag)
            yield _link(_flag_iri(name, flag), BASH + "partOf", iri)
        for number, (text, code) in enumerate(page.examples):
            example = _example_iri(page, number)
            yield _link(example, RDF_TYPE.value, BASH + "Example")
            yield _said(example, RDFS + "label", text)
            yield _said(example, BASH + "code", code)
            yield _link(example, BASH + "partOf", iri)

    def _call(self, snippet: str, call: Invocation) -> Iterator[ox.Triple]:
        yield _link(snippet, BASH + "runs", command_iri(call.name))
        for flag in sorted(call.flags & self.flags[call.name]):
            yield _link(snippet, BASH + "passes", _flag_iri(call.name, flag))
        others = [example for example in self.examples[call.name] if example[0] != snippet]
        if others:
            nearest, _ = max(others, key=lambda example: _likeness(call, example[1]))
            yield _link(snippet, BASH + "resembles", nearest)


def _call_of(name: str, code: str) -> Invocation | None:
    return next((call for call in invocations(code) if call.name == name), None)


def _likeness(one: Invocation, other: Invocation) -> float:
    """The share of flags in common (Jaccard), and a little for each word in common."""
    either = one.flags | other.flags
    common = len(one.flags & other.flags) / len(either) if either else 0.5
    return common + SHARED_WORD * len({*one.words} & {*other.words})


def _flag_iri(command: str, flag: str) -> str:
    return f"{command_iri(command)}/flag/{quote(flag, safe='._-')}"


def _example_iri(page: Page, number: int) -> str:
    return f"{command_iri(page.command.lower())}/example/{number}"


def _link(head: str, relation: str, tail: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(head), ox.NamedNode(relation), ox.NamedNode(tail))


def _said(subject: str, relation: str, text: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(relation), ox.Literal(text))
