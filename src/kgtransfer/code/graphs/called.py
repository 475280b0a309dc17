"""Snippets of code, and the documented functions that they call by name -> their graph."""

from __future__ import annotations

import builtins
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.code.corpus import Query, Snippet
from kgtransfer.code.graphs.api import API, iri_of
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.sentences import first_sentence
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Documented", "build_called_graph", "called_examples", "called_names", "documented"]

BUILTINS = "builtins"  # asked for by this name: they are written in C, and have no source
CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
DEFINED = re.compile(r"\b(?:def|fn|func|function|fun|sub)\s+([A-Za-z_]\w*)")
KEYWORDS = frozenset(
    ["if", "for", "while", "switch", "return", "catch", "and", "or", "not", "in", "elif", "match"]
)
CALLED_NAMES = "called"  # in IRIs, of names that nobody documents
PLACE = "https://w3id.org/kgtransfer/snippets"  # the module of code that stands in none
PREFIXES = {"api": API, "rdfs": RDFS}
FEWEST_WORDS = 3  # of a sentence that says what a function does
MOST_ALIKE = 4  # functions of one name whose documentation is learned from
MOST_PARAMETERS = 4


class Documented(NamedTuple):
    """A function, and what its documentation says first."""

    qualified: str
    sentence: str
    parameters: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its own name."""
        return self.qualified.rpartition(".")[2]


def called_names(code: str) -> tuple[str, ...]:
    """Text of code in any language -> names that it calls, in order, each once."""
    defined = set(DEFINED.findall(code))
    names = dict.fromkeys(CALLED.findall(code))
    return tuple(name for name in names if name not in KEYWORDS and name not in defined)


@lru_cache(maxsize=8)
def documented(sources: tuple[str, ...]) -> tuple[Documented, ...]:
    """Code bases -> their public functions whose documentation says what they do.

    Args:
        sources: folders, installed Python packages, `stdlib`; or `builtins`.
    """
    found: list[Documented] = []
    for source in sources:
        if source == BUILTINS:
            found += _builtins()
            continue
        modules = read_modules(find_source(source))
        functions = (d for module in modules for d in module.definitions if d.kind != "class")
        found += [
            Documented(d.qualified, first_sentence(d.docstring), d.parameters)
            for d in functions
            if d.is_public and d.docstring
        ]
    return tuple(each for each in found if len(each.sentence.split()) >= FEWEST_WORDS)


def called_examples(functions: Iterable[Documented], snippets: Iterable[Snippet]) -> list[Query]:
    """Documented functions that some code calls -> their first sentence, and a call of each."""
    return [
        Query(each.sentence.rstrip("."), _example(each, number))
        for alike in _by_name(functions, snippets).values()
        for number, each in enumerate(alike[:MOST_ALIKE])
    ]


def build_called_graph(
    functions: Iterable[Documented], snippets: Sequence[Snippet], withheld: Iterable[str] = ()
) -> KnowledgeGraph:
    """Functions, and code -> the graph of who calls whom, by name.

    Of functions of one name it is the one whose package or class the code names, else the first.
    A name that several pieces of code call, and nobody documents, stands for itself.

    Args:
        functions: what is documented.
        snippets: the code.
        withheld: sentences that the graph must not hold.
    """
    held_out = {_flat(sentence) for sentence in withheld}
    known = [each for each in functions if _flat(each.sentence) not in held_out]
    return KnowledgeGraph(_triples(_by_name(known, snippets), snippets), PREFIXES)


def _triples(
    functions: dict[str, list[Documented]], snippets: Sequence[Snippet]
) -> Iterator[ox.Triple]:
    for each in (each for alike in functions.values() for each in alike):
        iri = iri_of(each.qualified)
        yield _link(iri, RDF_TYPE.value, API + "External")
        yield _said(iri, RDFS + "label", each.name)
        yield _said(iri, RDFS + "comment", each.sentence)
    callers = Counter(name for snippet in snippets for name in called_names(snippet.code))
    yield _link(PLACE, RDF_TYPE.value, API + "Module")
    yield _said(PLACE, RDFS + "label", "snippets")
    for snippet in snippets:
        yield _link(snippet.iri, RDF_TYPE.value, API + "Function")
        yield _link(snippet.iri, API + "partOf", PLACE)
        yield _said(snippet.iri, RDFS + "label", snippet.iri.rpartition("/")[2])
        for name in called_names(snippet.code):
            alike = [f for f in functions.get(name, []) if not _is_example(snippet, f)]
            if alike:
                nearest = max(alike, key=lambda f: _named(f, snippet.code))
                yield _link(snippet.iri, API + "calls", iri_of(nearest.qualified))
            elif name not in functions and callers[name] > 1:
                yield _link(iri_of(name, CALLED_NAMES), RDF_TYPE.value, API + "External")
                yield _said(iri_of(name, CALLED_NAMES), RDFS + "label", name)
                yield _link(snippet.iri, API + "calls", iri_of(name, CALLED_NAMES))


def _by_name(
    functions: Iterable[Documented], snippets: Iterable[Snippet]
) -> dict[str, list[Documented]]:
    """Name -> functions of that name, of those that some code calls."""
    called = {name for snippet in snippets for name in called_names(snippet.code)}
    found: defaultdict[str, list[Documented]] = defaultdict(list)
    for each in functions:
        if each.name in called:
            found[each.name].append(each)
    return dict(found)


def _named(function: Documented, code: str) -> int:
    """How many parts of a function's place the code names."""
    words = {*re.findall(r"\w+", code)}
    return len({*function.qualified.split(".")[:-1]} & words)


def _example(function: Documented, number: int) -> Snippet:
    owner, _, name = function.qualified.rpartition(".")
    parameters = ", ".join(function.parameters[:MOST_PARAMETERS])
    code = f"{owner.rpartition('.')[2]}.{name}({parameters})"
    return Snippet(f"{iri_of(function.qualified)}/example/{number}", name, owner, code)


def _is_example(snippet: Snippet, function: Documented) -> bool:
    return snippet.iri.startswith(f"{iri_of(function.qualified)}/example/")


def _builtins() -> Iterator[Documented]:
    """What every Python has: functions, and methods of the types that literals are of."""
    for name, value in vars(builtins).items():
        if callable(value) and not name.startswith("_"):
            yield Documented(f"{BUILTINS}.{name}", _summary(value.__doc__))
    for owner in (str, list, dict, set, bytes, tuple, int, float):
        for name, value in vars(owner).items():
            if not name.startswith("_"):
                qualified = f"{BUILTINS}.{owner.__name__}.{name}"
                yield Documented(qualified, _summary(getattr(value, "__doc__", None)))


def _summary(docstring: str | None) -> str:
    """The first sentence that is none of the signatures that C functions begin with."""
    paragraphs = [p for p in (docstring or "").split("\n\n") if "->" not in p.partition("\n")[0]]
    return first_sentence(paragraphs[0]) if paragraphs else ""


def _flat(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _link(head: str, relation: str, tail: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(head), ox.NamedNode(relation), ox.NamedNode(tail))


def _said(subject: str, relation: str, text: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(relation), ox.Literal(text))
