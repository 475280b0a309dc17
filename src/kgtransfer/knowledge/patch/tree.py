"""What stands where in a Turtle text: its blocks, their statements, and the place of every term."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.iris import resolved
from kgtransfer.knowledge.patch.terms import Names, literal, unescaped
from kgtransfer.knowledge.patch.tokens import BLANK, Token, tokens
from kgtransfer.knowledge.vocabulary import RDF, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kgtransfer.knowledge.terms import Term

__all__ = ["Block", "Document", "Entry", "Node", "read_document"]

MAX_DEPTH = 100
FIRST, REST, NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))


class Node(NamedTuple):
    """A term and where it is written, brackets and all."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True)
class Entry:
    """A predicate with its objects.

    Attributes:
        verb: the predicate.
        objects: the objects, in order.
        commas: where the comma after each object but the last stands.
        semicolons: where the semicolons after the entry stand.
    """

    verb: Node
    objects: tuple[Node, ...]
    commas: tuple[int, ...]
    semicolons: tuple[int, ...]

    @property
    def end(self) -> int:
        """Where its last object ends."""
        return self.objects[-1].end


@dataclass(frozen=True)
class Block:
    """What is said of one subject, up to a full stop.

    Attributes:
        subject: what it is about; of `[ ... ] .` the brackets, with their content as `entries`.
        entries: what is said of it.
        dot: where the full stop stands.
        names: the prefixes and base that hold there.
    """

    subject: Node
    entries: tuple[Entry, ...]
    dot: int
    names: Names


@dataclass
class Document:
    """A Turtle text, taken apart.

    Attributes:
        text: the text.
        blocks: its blocks, in order.
        names: the prefixes and base that hold at its end.
        triples: what it says; blank nodes without a name are called after their place.
        objects: every object, also within brackets, with its subject and predicate.
        iris: every IRI and prefixed name, with the names that hold there; directives left out.
        verbs: where predicates start.
    """

    text: str
    blocks: list[Block] = field(default_factory=list)
    names: Names = field(default_factory=lambda: Names({}, ""))
    triples: list[ox.Triple] = field(default_factory=list)
    objects: list[tuple[Term, ox.NamedNode, Node]] = field(default_factory=list)
    iris: list[tuple[Token, Names]] = field(default_factory=list)
    verbs: set[int] = field(default_factory=set)


def read_document(text: str, path: Path) -> Document:
    """Turtle -> its blocks and statements, and the place of every term.

    Args:
        text: the text, which an RDF parser has accepted.
        path: the file, for messages.

    Raises:
        OntologyError: something in it is not understood, so that its places are not known.
    """
    return _Reader(text, path).read()


class _Reader:
    """A recursive-descent parser with one token of look-ahead."""

    def __init__(self, text: str, path: Path) -> None:
        self.document, self._path = Document(text), path
        self._tokens = iter([t for t in tokens(text) if t.kind not in BLANK])
        self._end = Token("end", "", len(text), len(text))
        self._next = next(self._tokens, self._end)
        self._depth = 0

    def read(self) -> Document:
        while self._next.kind != "end":
            if self._next.text.lower() in ("@prefix", "prefix", "@base", "base"):
                self._directive()
            else:
                self.document.blocks.append(self._block())
        return self.document

    def _take(self, text: str = "") -> Token:
        token = self._next
        if text and token.text != text:
            raise self._refused(token)
        self._next = next(self._tokens, self._end)
        return token

    def _refused(self, token: Token) -> OntologyError:
        text = self.document.text
        line = text.count("\n", 0, token.start) + 1
        return OntologyError(
            f"{token.text[:40]!r} is not understood here",
            file=self._path,
            line=line,
            column=token.start - text.rfind("\n", 0, token.start),
            cure="write the statement in plain Turtle",
        )

    def _directive(self) -> None:
        word, names = self._take().text, self.document.names
        if word.lower().endswith("prefix"):
            prefix, iri = self._take().text.removesuffix(":"), self._take()
            space = names.resolve(iri) or ""
            self.document.names = Names({**names.prefixes, prefix: space}, names.base)
        else:
            base = unescaped(self._take().text[1:-1])
            self.document.names = Names(names.prefixes, resolved(base, names.base))
        if word.startswith("@"):
            self._take(".")

    def _block(self) -> Block:
        if self._next.text == "[":
            subject, entries = self._property_list()
            if self._next.text != ".":
                entries = self._entries(subject.term)
        else:
            subject = self._node()
            entries = self._entries(subject.term)
        return Block(subject, entries, self._take(".").start, self.document.names)

    def _property_list(self) -> tuple[Node, tuple[Entry, ...]]:
        opening = self._take("[")
        term = ox.BlankNode(f"at{opening.start}")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refused(opening)
        entries = self._entries(term) if self._next.text != "]" else ()
        self._depth -= 1
        return Node(term, opening.start, self._take("]").end), entries

    def _entries(self, subject: Term) -> tuple[Entry, ...]:
        entries = list[Entry]()
        while self._next.text not in (".", "]"):
            verb = self._verb()
            objects, commas = [self._node()], list[int]()
            while self._next.text == ",":
                commas.append(self._take().start)
                objects.append(self._node())
            semicolons = list[int]()
            while self._next.text == ";":
                semicolons.append(self._take().start)
            entries.append(Entry(verb, tuple(objects), tuple(commas), tuple(semicolons)))
            for node in objects:
                self._state(subject, verb.term, node)
            if not semicolons:
                break
        return tuple(entries)

    def _state(self, subject: Term, predicate: Term, node: Node) -> None:
        if isinstance(predicate, ox.NamedNode) and not isinstance(subject, ox.Literal):
            self.document.triples.append(ox.Triple(subject, predicate, node.term))
            self.document.objects.append((subject, predicate, node))

    def _verb(self) -> Node:
        if self._next.text == "a":
            token = self._take()
            return Node(RDF_TYPE, token.start, token.end)
        node = self._node()
        if not isinstance(node.term, ox.NamedNode):
            raise self._refused(self._next)
        self.document.verbs.add(node.start)
        return node

    def _node(self) -> Node:
        token = self._next
        if token.text == "[":
            return self._property_list()[0]
        if token.text == "(":
            return self._collection()
        self._take()
        if token.kind in ("iri", "name"):
            if (iri := self.document.names.resolve(token)) is not None:
                self.document.iris.append((token, self.document.names))
                return Node(ox.NamedNode(iri), token.start, token.end)
        elif token.kind == "blank":
            return Node(
                ox.BlankNode(f"named{token.text[2:].encode().hex()}"), token.start, token.end
            )
        elif token.kind == "string":
            return self._string(token)
        elif token.kind in ("integer", "decimal", "double") or token.text in ("true", "false"):
            return Node(literal(token), token.start, token.end)
        raise self._refused(token)

    def _string(self, token: Token) -> Node:
        if self._next.kind == "at":
            tag = self._take()
            return Node(literal(token, tag.text[1:]), token.start, tag.end)
        if self._next.text == "^^":
            self._take()
            datatype = self._node()
            if isinstance(datatype.term, ox.NamedNode):
                return Node(literal(token, datatype=datatype.term), token.start, datatype.end)
            raise self._refused(token)
        return Node(literal(token), token.start, token.end)

    def _collection(self) -> Node:
        opening = self._take("(")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refused(opening)
        items = list(self._items())
        self._depth -= 1
        end = self._take(")").end
        cells = [ox.BlankNode(f"at{opening.start}item{place}") for place in range(len(items))]
        for place, (cell, item) in enumerate(zip(cells, items, strict=True)):
            self._state(cell, FIRST, item)
            rest = cells[place + 1] if place + 1 < len(cells) else NIL
            self.document.triples.append(ox.Triple(cell, REST, rest))
        return Node(cells[0] if cells else NIL, opening.start, end)

    def _items(self) -> Iterator[Node]:
        while self._next.text not in (")", ""):
            yield self._node()
