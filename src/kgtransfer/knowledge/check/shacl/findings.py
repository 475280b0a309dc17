"""What SHACL shapes object to in a `KnowledgeGraph`, as findings about its concepts."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.annotations import annotated_statements
from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.shacl.process import ValidationProcess
from kgtransfer.knowledge.check.shacl.result_wording import ResultWording
from kgtransfer.knowledge.check.shacl.shape_lint import lint_shapes
from kgtransfer.knowledge.check.shacl.shapes import read_shapes
from kgtransfer.knowledge.check.standard_terms import unknown_words
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import SH
from kgtransfer.knowledge.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kgtransfer.knowledge.check.shacl.results import Failure, Request, Result
    from kgtransfer.knowledge.check.shacl.shapes import Shapes
    from kgtransfer.knowledge.io.parsed import ParsedFile

__all__ = ["TIMEOUT", "ShapeCheck", "violations"]

UNUSABLE = "the shapes cannot be used"
UNNAMED = re.compile(r"'?\bb[0-9a-f]{32}\b'?")
"""An unnamed node, as pySHACL names it."""
TIMEOUT = 60.0
"""Seconds that shapes may take, unless the caller says otherwise."""


class ShapeCheck:
    """The check of one graph against shapes, which goes on beside the caller's other work.

    A context manager: `start` gives it the graph, `findings` waits for the end. Nothing that the
    shapes say reaches the network, a file or another program.

    Args:
        shapes: SHACL files, or folders of them; none finds nothing.
        timeout: seconds that the shapes may take.

    Raises:
        OntologyError: a shapes file cannot be read.
    """

    def __init__(self, shapes: Sequence[str | Path], timeout: float = TIMEOUT) -> None:
        with ExitStack() as opened:
            self._process = opened.enter_context(ValidationProcess(timeout)) if shapes else None
            self.shapes = read_shapes(shapes) if shapes else None
            self._opened = opened.pop_all()  # from here on for `__exit__` to close
        self._graph = KnowledgeGraph(())

    def start(self, graph: KnowledgeGraph) -> None:
        """Begin to check a graph."""
        self._graph = graph
        if self._process and self.shapes:
            shapes = self.shapes.ntriples
            request: Request = {
                "shapes": len(shapes),
                "shapes_prefixes": dict(self.shapes.graph.prefixes),
                "prefixes": dict(graph.prefixes),
            }
            self._process.ask((json.dumps(request).encode() + b"\n", shapes, _ntriples(graph)))

    def findings(self) -> list[Finding]:
        """Findings about the concepts that the shapes object to, and about the shapes themselves.

        Raises:
            OntologyError: the shapes are no valid SHACL, reach outside the graph, or take more
                time or memory than they may.
        """
        if not self._process or not self.shapes:
            return []
        doubtful = list(lint_shapes(self.shapes, self._graph))
        answer = self._process.answer()
        if answer["failure"]:
            raise _error(answer["failure"], self.shapes)
        results = answer["results"]
        return doubtful + (list(self._findings(results, self.shapes)) if results else [])

    def _findings(self, results: Sequence[Result], shapes: Shapes) -> Iterator[Finding]:
        concept_of, words = concept_finder(self._graph), Wording(self._graph)
        annotated = {statement.node: statement for statement in annotated_statements(self._graph)}
        names = KnowledgeGraph((), {**shapes.graph.prefixes, **self._graph.prefixes})
        wording = ResultWording(shapes, names)
        for result in results:
            severity, message = wording.severity(result), wording.message(result)
            cure, kind = wording.cure(result), wording.kind(result)
            if result["focus"].startswith('"'):  # a literal, which is no concept
                yield Finding(
                    severity=severity, label=result["focus"], message=message, cure=cure, kind=kind
                )
                continue
            if statement := annotated.get(result["focus"]):
                phrase = words.phrase(statement.predicate, statement.obj)
                message += f", on the annotation of: {phrase}"
            yield Finding.of(
                self._graph, concept_of(result["focus"]), severity, message, cure, kind
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()


def violations(
    graph: KnowledgeGraph, shapes: Sequence[str | Path], timeout: float = TIMEOUT
) -> list[Finding]:
    """Graph and SHACL files -> findings; arguments and errors as for `ShapeCheck`."""
    with ShapeCheck(shapes, timeout) as check:
        check.start(graph)
        return check.findings()


def _ntriples(graph: KnowledgeGraph) -> bytes:
    return graph.canonical.replace(b"\n", b" .\n")  # texts hold no line ends: they are escaped


def _error(failure: Failure, shapes: Shapes) -> OntologyError:
    """Failure -> an error that names its shape, and the file and line that describe it.

    Where a term in the shapes is misspelt, that is what to mend first.
    """
    reason = UNNAMED.sub("an unnamed node", failure["reason"])
    shape = shapes.shape_of(failure["shape"])
    words = (word for word in unknown_words(shapes.graph) if word.iri.startswith(SH))
    if UNUSABLE in reason and (word := next(words, None)):
        place = shapes.place(word.user, word.iri)
        reason = f"{UNUSABLE}: {word.message}"
        return OntologyError(reason, file=place.file, line=place.line or None, cure=word.cure)
    if shape and not shape.startswith("_:"):
        reason += f" (shape {shapes.graph.compact(shape)})"
    file, line = _place(shape, shapes.files)
    return OntologyError(reason, file=file, line=line, cure=failure["cure"])


def _place(shape: str, files: Sequence[ParsedFile]) -> tuple[str, int | None]:
    for file in files:
        if line := file.positions.get(shape):
            return str(file.path), line
    return ", ".join(str(file.path) for file in files), None
