"""Turtle files with their mistakes mended, as a difference first."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.fix.letters import languages, spaces
from kgtransfer.knowledge.fix.statements import decimal_commas, doubled, standard_terms
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.lines import line_finder
from kgtransfer.knowledge.io.rdf import read_turtle
from kgtransfer.knowledge.io.sources import ontology_files, read_sources, text_of, unpacked_suffix
from kgtransfer.knowledge.patch.edits import applied
from kgtransfer.knowledge.patch.tree import read_document
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kgtransfer.knowledge.fix.letters import Mend
    from kgtransfer.knowledge.patch.tree import Document

__all__ = ["Fixed", "Mended", "fixed", "turtle_files"]

LETTERS: tuple[Callable[[str], Iterable[Mend]], ...] = (spaces, languages)
"""Cures of what no parser accepts, in this order."""
STATEMENTS: tuple[Callable[[Document], Iterable[Mend]], ...] = (
    decimal_commas,
    standard_terms,
    doubled,
)
"""Cures of what a text says, in this order; each is applied until it finds nothing."""


class Mended(NamedTuple):
    """A mistake that is mended: its line (from 1), and what took its place."""

    line: int
    what: str


@dataclass(frozen=True)
class Fixed:
    """A file before and after its mistakes are mended.

    Attributes:
        path: the file.
        old: its text as it is, byte-order mark and line ends too.
        new: its text as it should be.
        mended: the mistakes.
    """

    path: Path
    old: str
    new: str
    mended: tuple[Mended, ...]

    @property
    def diff(self) -> str:
        """What changes, as a unified diff; empty where nothing does."""
        old, new = (text.splitlines(keepends=True) for text in (self.old, self.new))
        lines = unified_diff(old, new, str(self.path), str(self.path))
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )

    def to_json(self) -> dict[str, Any]:
        """The file, its mistakes and the diff as plain lists and dictionaries."""
        mended = [mistake._asdict() for mistake in self.mended]
        return {"file": str(self.path), "mended": mended, "diff": self.diff}

    def require_writable(self) -> None:
        """Look whether the file can be written, before any is.

        Raises:
            OntologyError: the file or a folder above it is a link, or it has changed since it was
                read.
        """
        real = self.path.resolve()
        if real != Path(os.path.abspath(self.path)):  # noqa: PTH100 - follows no link
            message, cure = "is reached by a link, which is not written through", f"fix {real}"
            raise OntologyError(message, file=self.path, cure=cure)
        if self.path.read_bytes() != self.old.encode():
            raise OntologyError("has changed while it was mended", file=self.path, cure="try again")

    def write(self) -> None:
        """Put the new text in the file's place, with the file's mode; whole or not at all.

        Raises:
            OntologyError: as for `require_writable`.
        """
        self.require_writable()
        write_atomically(self.path, self.new.encode(), mode=self.path.stat().st_mode)


def turtle_files(paths: Iterable[Path]) -> list[Path]:
    """Files and folders -> the files, and the Turtle files in the folders, in a fixed order.

    Raises:
        OntologyError: a path does not exist, or a folder holds no ontology file.
    """
    named = list(paths)
    files = ontology_files(*named)
    return [path for path in files if path in named or path.suffix.lower() == ".ttl"]


def fixed(path: Path) -> Fixed:
    """Path of a Turtle file -> its text with those mistakes mended that leave no choice.

    Args:
        path: the file.

    Raises:
        OntologyError: it cannot be read, is in another syntax, or has a mistake in its syntax that
            is not mended here.
    """
    if path.suffix.lower() != ".ttl":
        kind = "packed" if unpacked_suffix(path) == ".ttl" else "not Turtle"
        cure = f"write it as Turtle: kgtransfer export {path} --format turtle --out FILE.ttl"
        raise OntologyError(f"only Turtle files are changed; this is {kind}", file=path, cure=cure)
    (source,) = read_sources(path)
    text_of(source)  # refuses what is no text
    old = new = source.data.decode()
    mended = list[Mended]()
    for letters in LETTERS:
        mends = list(letters(new))
        mended += _listed(new, mends)
        new = _applied(new, mends)
    for statements in STATEMENTS:
        document = _read(new, path)
        while mends := list(statements(document)):
            mends = mends[:1] if statements is doubled else mends  # they may touch each other
            mended += _listed(new, mends)
            new = _applied(new, mends)
            meant, document = _expected(document, mends), _read(new, path)
            if KnowledgeGraph(document.triples) != KnowledgeGraph(meant):
                cure = f"mend line {mended[-1].line} by hand: {mended[-1].what}"
                raise OntologyError("cannot be mended without changing more", file=path, cure=cure)
    _read(new, path)
    return Fixed(path, old, new, tuple(sorted(mended)))


def _expected(document: Document, mends: Iterable[Mend]) -> set[ox.Triple]:
    """Document and its mends -> what the text should say afterwards."""
    mends = list(mends)
    renamed = {iri: right for mend in mends for iri, right in mend.renamed.items()}
    triples = set(document.triples).difference(*(mend.removed for mend in mends))
    triples.update(*(mend.added for mend in mends))
    return {_renamed(triple, renamed) for triple in triples} if renamed else triples


def _renamed(triple: ox.Triple, renamed: Mapping[str, str]) -> ox.Triple:
    def term(node: Any) -> Any:
        if isinstance(node, ox.NamedNode):
            return ox.NamedNode(renamed.get(node.value, node.value))
        if isinstance(node, ox.Literal) and not node.language:
            return ox.Literal(node.value, datatype=term(node.datatype))
        return node

    return ox.Triple(term(triple.subject), term(triple.predicate), term(triple.object))


def _applied(text: str, mends: Iterable[Mend]) -> str:
    return applied(text, (edit for mend in mends for edit in mend.edits))


def _read(text: str, path: Path) -> Document:
    read_turtle(text.removeprefix("\ufeff"), path)
    return read_document(text, path)


def _listed(text: str, mends: Iterable[Mend]) -> Iterator[Mended]:
    line = line_finder(text)
    return (Mended(line(mend.place), mend.what) for mend in mends)
