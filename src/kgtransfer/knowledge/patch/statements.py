"""One statement of a Turtle text is added, removed or changed; all else stays byte for byte.

Whatever comes out was read again and says what it should: the old graph and the edit, no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.annotations import PROPERTY, TARGET
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.rdf import read_turtle
from kgtransfer.knowledge.patch.addition import with_statement, written_object, written_verb
from kgtransfer.knowledge.patch.edits import applied, spaced
from kgtransfer.knowledge.patch.removal import without_block, without_object
from kgtransfer.knowledge.patch.search import StatementSearch, content
from kgtransfer.knowledge.patch.terms import written
from kgtransfer.knowledge.patch.tree import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kgtransfer.knowledge.patch.edits import TextEdit
    from kgtransfer.knowledge.patch.search import Axiom
    from kgtransfer.knowledge.patch.tree import Document

__all__ = ["add", "change", "remove"]


def add(text: str, statement: ox.Triple, path: Path) -> str:
    """Turtle and a statement -> the Turtle that states it, beside what is said of its subject.

    Args:
        text: a Turtle file's text as it was decoded: with its line ends and byte-order mark.
        statement: its subject is an IRI, its object an IRI or a literal.
        path: the file, for messages.

    Returns:
        The text with the statement; unchanged where it is stated already.

    Raises:
        OntologyError: the text is not well-formed, or the statement is about a blank node.
    """
    _require_writable(statement, path)
    document = _read(text, path)
    if statement in document.triples:
        return text
    patched = applied(text, with_statement(document, statement))
    return _checked(patched, [*document.triples, statement], path)


def remove(text: str, statement: ox.Triple, path: Path) -> str:
    """Turtle and a statement -> the Turtle without it, and without the `owl:Axiom` about it.

    With its last statement a block goes. Comments stay, also those beside what goes.

    Args:
        text: as for `add`.
        statement: its subject is an IRI. Its object may be a blank node, by its name in the
            `KnowledgeGraph` of this text: what stands in its brackets goes with it.
        path: the file, for messages.

    Raises:
        OntologyError: the text is not well-formed, or does not make the statement.
    """
    document = _read(text, path)
    search = _search(document, statement, path)
    stated, axioms = search.matches(document), {a.node for a in search.annotating(document)}
    removed = axioms | content(document, [*axioms, *(triple.object for triple in stated)])
    remaining = [t for t in document.triples if t not in stated and t.subject not in removed]
    blocks = (block for block in document.blocks if block.subject.term in axioms)
    edits = [edit for block in blocks for edit in without_block(text, block)]
    return _checked(_without(applied(text, edits), search, path), remaining, path)


def change(text: str, old: ox.Triple, new: ox.Triple, path: Path) -> str:
    """Turtle, old and new statement -> the Turtle with the new one in the old one's place.

    Args:
        text: as for `add`.
        old: as for `remove`.
        new: as for `add`, of the same subject.
        path: the file, for messages.

    Raises:
        OntologyError: the text is not well-formed or does not make the old statement, or the new
            one is about another subject or a blank node.
    """
    _require_writable(new, path)
    if old.subject != new.subject:
        cure = "remove the old statement and add the new one"
        raise OntologyError("a change is about one subject", file=path, cure=cure)
    document = _read(text, path)
    search = _search(document, old, path)
    if old == new:
        return text
    stated, axioms = search.matches(document), list(search.annotating(document))
    targets = (axiom.target.term for axiom in axioms)
    removed = content(document, [*targets, *(triple.object for triple in stated)])
    annotating = {axiom.node for axiom in axioms}
    remaining = [
        _about(t, new) if t.subject in annotating else t
        for t in document.triples
        if t not in stated and t.subject not in removed
    ]
    edits = list(_annotating_edits(document, axioms, new))
    if new not in document.triples:
        edits += _in_place(document, search, new)
    patched = _without(applied(text, edits), search, path)
    patched_document = _read(patched, path)
    if new not in patched_document.triples:
        patched = applied(patched, with_statement(patched_document, new))
    return _checked(patched, [*remaining, new], path)


def _in_place(document: Document, search: StatementSearch, new: ox.Triple) -> Iterator[TextEdit]:
    """The new statement where the old one stands, if it stands in an entry that can hold it."""
    occurrence = search.occurrence(document)
    if occurrence is None:
        return
    block, place, index = occurrence
    entry = block.entries[place]
    node = entry.objects[index]
    if entry.verb.term != new.predicate:
        if len(entry.objects) > 1:
            return
        verb = written_verb(new.predicate, block.names)
        yield spaced(document.text, entry.verb.start, entry.verb.end, verb)
    if node.term != new.object:
        obj = written_object(new, block.names)
        yield spaced(document.text, node.start, node.end, obj)


def _annotating_edits(
    document: Document, axioms: Iterable[Axiom], new: ox.Triple
) -> Iterator[TextEdit]:
    """Let axioms annotate another statement of the same subject."""
    for axiom in axioms:
        names = next(b.names for b in document.blocks if axiom.target.start < b.dot)
        verb, target = axiom.predicate, axiom.target
        if verb.term != new.predicate:
            predicate = written(new.predicate, names)
            yield spaced(document.text, verb.start, verb.end, predicate)
        if target.term != new.object:
            obj = written_object(new, names)
            yield spaced(document.text, target.start, target.end, obj)


def _about(triple: ox.Triple, new: ox.Triple) -> ox.Triple:
    """A triple of an annotating axiom, for another statement of the same subject."""
    parts = {ox.NamedNode(PROPERTY): new.predicate, ox.NamedNode(TARGET): new.object}
    return ox.Triple(triple.subject, triple.predicate, parts.get(triple.predicate, triple.object))


def _without(text: str, search: StatementSearch, path: Path) -> str:
    """The text without any occurrence of a statement."""
    document = _read(text, path)
    while occurrence := search.occurrence(document):
        text = applied(text, without_object(text, *occurrence))
        document = _read(text, path)
    return text


def _read(text: str, path: Path) -> Document:
    """A text taken apart, after an RDF parser has accepted it."""
    read_turtle(text.removeprefix("\ufeff"), path)
    return read_document(text, path)


def _search(document: Document, statement: ox.Triple, path: Path) -> StatementSearch:
    search = StatementSearch.of(document, statement)
    if not search.occurrence(document):
        cure = "look at what the file says of its subject now"
        raise OntologyError(f"the file does not state {statement}", file=path, cure=cure)
    return search


def _require_writable(statement: ox.Triple, path: Path) -> None:
    named = isinstance(statement.subject, ox.NamedNode)
    if named and isinstance(statement.object, ox.NamedNode | ox.Literal):
        return
    cure = "edit the file itself to state something of what has no name"
    raise OntologyError(f"{statement} is about a blank node", file=path, cure=cure)


def _checked(text: str, triples: Iterable[ox.Triple], path: Path) -> str:
    """The text, if it says what it should.

    Raises:
        OntologyError: it does not: the file is written in a way that was not understood.
    """
    parsed = read_turtle(text.removeprefix("\ufeff"), path)
    if KnowledgeGraph(parsed.triples) != KnowledgeGraph(triples):
        cure = "make this change by hand"
        raise OntologyError("cannot be changed here without changing more", file=path, cure=cure)
    return text
