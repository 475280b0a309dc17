"""Turtle, N-Triples, RDF/XML and JSON-LD -> triples, by pyoxigraph (W3C RDF 1.1)."""

from __future__ import annotations

import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.contexts import with_contexts
from kgtransfer.knowledge.io.nesting import (
    refuse_deep_json,
    refuse_deep_triples,
    refuse_deep_turtle,
)
from kgtransfer.knowledge.io.parsed import ParsedFile
from kgtransfer.knowledge.io.positions import (
    jsonld_positions,
    ntriples_positions,
    rdfxml_positions,
    turtle_positions,
)
from kgtransfer.knowledge.io.repeated_numbers import refuse_repeated_number
from kgtransfer.knowledge.io.safe_xml import scan
from kgtransfer.knowledge.io.syntax_errors import located_error, syntax_error

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_jsonld", "read_ntriples", "read_rdfxml", "read_turtle"]

TRIPLE_TERM = re.compile(r"<<|\{\|")
"""What starts a triple about a triple, or an annotation of one, in Turtle 1.2."""
MAX_TRIPLES = 10_000_000
"""Most triples of one file: `[],[],[]` says one with three letters, and each takes memory."""
LONGEST = 16 << 20
"""Bytes of the longest token that the parser reads."""


def read_turtle(text: str, path: Path, base: str = "") -> ParsedFile:
    """Text of a Turtle file -> its triples, prefixes and positions.

    Args:
        text: what the file says.
        path: the file.
        base: what its relative IRIs are relative to, where it does not say it.

    Raises:
        OntologyError: the text is not well-formed, nested too deep, has triples about triples, or
            says of a threshold `1,1`, of which a graph would keep no trace.
    """
    refuse_deep_triples(text, path)
    refuse_deep_turtle(text, path)
    triples, prefixes = _parse(text, path, ox.RdfFormat.TURTLE, base)
    refuse_repeated_number(text, path, triples)
    return ParsedFile(path, triples, prefixes, partial(turtle_positions, text, base), text)


def read_ntriples(text: str, path: Path, _: str = "") -> ParsedFile:
    """The same for N-Triples, which has no relative IRIs; errors as for Turtle."""
    refuse_deep_triples(text, path)
    triples, prefixes = _parse(text, path, ox.RdfFormat.N_TRIPLES)
    return ParsedFile(path, triples, prefixes, partial(ntriples_positions, text), text)


def read_rdfxml(text: str, path: Path, base: str = "") -> ParsedFile:
    """The same for RDF/XML; further errors for entities and endless nesting."""
    text, prefixes = scan(text, path)  # before the RDF parser sees it
    triples, further = _parse(text, path, ox.RdfFormat.RDF_XML, base)
    return ParsedFile(
        path, triples, prefixes | further, partial(rdfxml_positions, text, base), text
    )


def read_jsonld(text: str, path: Path, base: str = "") -> ParsedFile:
    """The same for JSON-LD; further errors for a context that is not on disk."""
    refuse_deep_json(text, path)
    whole = with_contexts(text, path)
    if whole is not text:
        refuse_deep_json(whole, path)
    triples, prefixes = _parse(whole, path, ox.RdfFormat.JSON_LD, base, text)
    locate = partial(jsonld_positions, text, prefixes)
    return ParsedFile(path, triples, prefixes, locate, text)


def _parse(
    text: str, path: Path, syntax: ox.RdfFormat, base: str = "", written: str = ""
) -> tuple[tuple[ox.Triple, ...], dict[str, str]]:
    """Text -> triples and prefixes; `written` is what its author wrote, if something else."""
    parser = ox.parse(
        input=text.encode(),
        format=syntax,
        base_iri=base or None,
        without_named_graphs=True,
        rename_blank_nodes=True,
    )
    try:
        triples = tuple(quad.triple for quad in islice(parser, MAX_TRIPLES + 1))
    except SyntaxError as error:
        raise syntax_error(error, written or text, path, base or None) from None
    except MemoryError as error:  # the parser's own bound, whatever memory there is
        raise OntologyError(
            f"a literal, an IRI or a comment is longer than {LONGEST >> 20} MiB",
            file=path,
            cure="keep long texts elsewhere, and name their place",
        ) from error
    if len(triples) > MAX_TRIPLES:
        raise OntologyError(f"more than {MAX_TRIPLES:,} triples", file=path, cure="split the file")
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            message = f"a triple about a triple is not supported: {triple.object}"
            match = TRIPLE_TERM.search(text)
            line = text.count("\n", 0, match.start()) + 1 if match else None
            raise located_error(message, text, path, line, None, "annotate it as an owl:Axiom")
    return triples, parser.prefixes
