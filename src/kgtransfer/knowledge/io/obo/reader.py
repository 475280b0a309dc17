"""OBO (1.2 and 1.4) -> the RDF that the standard mapping to OWL gives; parsing by fastobo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import fastobo
import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.obo.header import header_positions, header_triples
from kgtransfer.knowledge.io.obo.names import Names, names_of
from kgtransfer.knowledge.io.obo.repair import repaired
from kgtransfer.knowledge.io.obo.terms import about, literal
from kgtransfer.knowledge.io.parsed import ParsedFile
from kgtransfer.knowledge.io.syntax_errors import located_error
from kgtransfer.knowledge.vocabulary import OBO_IN_OWL, OWL, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read_obo"]

FRAME_ID = re.compile(r"^id:")


def read_obo(text: str, path: Path) -> ParsedFile:
    """Text of an OBO file -> its triples, prefixes and positions.

    Args:
        text: the file's text.
        path: its name, for errors.

    Raises:
        OntologyError: the text is not well-formed, or names something that is no IRI.
    """
    strict, instances = repaired(text)
    try:
        document = fastobo.loads(strict, ordered=True, threads=1)
    except SyntaxError as error:
        raise located_error(str(error.msg), text, path, error.lineno, error.offset) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # fastobo gave up: no Exception, no name
            raise
        raise OntologyError(f"not OBO ({error})", file=path, cure="check the file") from None
    triples, positions, line = list[ox.Triple](), dict[str, int](), 1
    try:
        names = names_of(document)
        triples += header_triples(document.header, names)
        positions |= header_positions(document.header, names, text)
        for frame, line in zip(document, _id_lines(text), strict=False):
            subject = names.iri(frame.id)
            triples += _frame(frame, subject, names, instance=line in instances)
            positions.setdefault(subject.value, line)
    except ValueError as error:
        raise _located_error(error, text, path, line) from None
    return ParsedFile(path, tuple(triples), names.prefixes, lambda: positions, text)


def _located_error(error: ValueError, text: str, path: Path, start: int) -> OntologyError:
    """An error about what its message quotes, first looked for in the frame at line `start`."""
    quoted = re.search("'(.*)'", str(error))
    lines, quotation = text.split("\n"), quoted[1] if quoted else ""
    after = (n for n, line in enumerate(lines[start - 1 :], start) if quotation in line)
    line = next(after, start)
    return located_error(str(error), text, path, line, lines[line - 1].find(quotation) + 1)


def _id_lines(text: str) -> list[int]:
    """Text -> the lines (from 1) of the `id:` of every frame: the first line of a frame."""
    lines = enumerate(text.split("\n"), start=1)
    return [number for number, line in lines if FRAME_ID.match(line)]


def _frame(
    frame: Any, subject: ox.NamedNode, names: Names, *, instance: bool
) -> Iterator[ox.Triple]:
    kind = "NamedIndividual" if instance else "Class"
    if isinstance(frame, fastobo.typedef.TypedefFrame):
        kind = "AnnotationProperty" if subject.value in names.metadata else "ObjectProperty"
        if str(frame.id) in names.shorthands:
            yield ox.Triple(subject, ox.NamedNode(OBO_IN_OWL + "shorthand"), literal(frame.id))
    yield ox.Triple(subject, RDF_TYPE, ox.NamedNode(OWL + kind))
    yield ox.Triple(subject, ox.NamedNode(OBO_IN_OWL + "id"), literal(frame.id))
    yield from about(subject, list(frame), names, instance=instance)
