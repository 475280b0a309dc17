"""The validating process: reads shapes and a graph, runs pySHACL in the sandbox, answers.

    python -m kgtransfer.knowledge.check.shacl.worker ANSWER PLACE SECONDS

ANSWER and PLACE are open file descriptors: one for the answer, one that says at every moment which
shape is evaluated, for a caller who had to end the process.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

from kgtransfer.knowledge.check.shacl.conversion import to_rdflib
from kgtransfer.knowledge.check.shacl.mute_rdflib import mute_rdflib
from kgtransfer.knowledge.check.shacl.queries import outward_queries, parse_once
from kgtransfer.knowledge.check.shacl.results import Answer, Failure, Request, Result, Value
from kgtransfer.knowledge.check.shacl.sandbox import ANSWER, ReachesOut, close_off, limit_resources
from kgtransfer.knowledge.vocabulary import KGT, SH
from kgtransfer.utils.gc import gc_suspended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    import rdflib
    from rdflib.term import Node

__all__ = ["main"]

CURE = KGT + "cure"
LITERAL = re.compile(
    r"""'?Literal\(("(?:[^"\\]|\\.)*")(?:, (?:datatype=[^()\s]+|lang="?[\w-]+"?))*\)'?"""
)
"""A literal as pySHACL prints it, in Python."""
LESS = "shorten their messages, or check less at once"
STAY_INSIDE = "let the shapes ask only the graph that is checked: no SERVICE, FROM, LOAD or update"


def main(answer: int, place: int, seconds: float) -> None:
    """Serve one request from standard input."""
    import pyshacl  # noqa: F401  # takes a while, in which the caller reads its files

    content = sys.stdin.buffer.read()
    limit_resources(len(content), seconds)
    close_off()
    reply = json.dumps(_answer(content, _Place(place))).encode()
    if len(reply) > ANSWER:
        reason = f"the shapes say more than {ANSWER // 2**20} MiB"
        reply = json.dumps(_failed(reason, LESS, _Place(place))).encode()
    while reply:
        reply = reply[os.write(answer, reply) :]


class _Place:
    """The shapes that are evaluated, the innermost last, and a file that names that one."""

    def __init__(self, file: int) -> None:
        self._file, self._shapes = file, list[str]()

    @property
    def current(self) -> str:
        return self._shapes[-1] if self._shapes else ""

    def enter(self, shape: str) -> None:
        self._shapes.append(shape)
        self._write()

    def leave(self) -> None:
        self._shapes.pop()
        self._write()

    def _write(self) -> None:
        os.pwrite(self._file, f"{self.current}\n".encode(), 0)


def _answer(content: bytes, place: _Place) -> Answer:
    try:
        with gc_suspended(), mute_rdflib():
            return {"results": _validated(content, place), "failure": None}
    except _Refused as refused:
        return _failed(refused.args[0], "mend the shapes", place)
    except ReachesOut as error:
        reason = f"a shape reaches outside the graph: {error}"
        return _failed(reason, STAY_INSIDE, place)
    except MemoryError:
        cure = "simplify its query or pattern, or check less at once"
        return _failed("a shape takes too much memory", cure, place)
    except Exception as error:  # whatever pySHACL and rdflib make of odd shapes
        reason = " ".join(str(error).split()) or type(error).__name__
        return _failed(f"the shapes cannot be used: {reason}", "mend the shapes", place)


class _Refused(Exception):
    """What pySHACL says where it does not validate."""


def _failed(reason: str, cure: str, place: _Place) -> Answer:
    failure = Failure(reason=reason, cure=cure, shape=place.current)
    return {"results": [], "failure": failure}


def _validated(content: bytes, place: _Place) -> list[Result]:
    import pyshacl
    import rdflib

    head, _, body = content.partition(b"\n")
    request: Request = json.loads(head)
    shapes = to_rdflib(body[: request["shapes"]], request["shapes_prefixes"])
    for node, reason in outward_queries(shapes):
        place.enter(node)
        raise ReachesOut(reason)
    graph = to_rdflib(body[request["shapes"] :], request["prefixes"])
    _track_shapes(place)
    parse_once()
    _, report, text = pyshacl.validate(
        graph, shacl_graph=shapes, inplace=True, do_owl_imports=False
    )
    if not isinstance(report, rdflib.Graph):
        raise _Refused(f"the shapes cannot be used: {text.strip()}")
    results = report.objects(None, rdflib.URIRef(SH + "result"))  # details are none of their own
    return [_result(node, report, shapes) for node in results]


def _track_shapes(place: _Place) -> None:
    """Have pySHACL's shapes say when they are evaluated."""
    from pyshacl.shape import Shape

    validate = Shape.validate

    def tracked(shape: Shape, *arguments: Any, **options: Any) -> Any:
        place.enter(_name(shape.node))
        result = validate(shape, *arguments, **options)
        place.leave()  # not after an exception: then it is the shape to name
        return result

    Shape.validate = tracked  # type: ignore[method-assign, assignment]


def _result(node: Node, report: rdflib.Graph, shapes: rdflib.Graph) -> Result:
    import rdflib

    def reported(name: str) -> Node | None:
        return report.value(node, rdflib.URIRef(SH + name))

    shape = reported("sourceShape")
    return {
        "focus": _name(reported("focusNode")),
        "severity": str(reported("resultSeverity") or ""),
        "message": _message(node, report),
        "cure": next(_cures(shape, shapes, report), ""),
        "component": str(reported("sourceConstraintComponent")).removeprefix(SH),
        "path": _value(reported("resultPath")),
        "value": _value(reported("value")),
        "shape": _value(shape),
        "details": sorted(set(_details(node, report))),
    }


def _details(node: Node, report: rdflib.Graph) -> Iterator[str]:
    """The messages of the results that one is made of, all the way down."""
    import rdflib

    for detail in report.objects(node, rdflib.URIRef(SH + "detail")):
        inner = sorted(set(_details(detail, report)))
        yield from inner or [_message(detail, report)]


def _message(node: Node, report: rdflib.Graph) -> str:
    """What the report says of a result, literals as they are written rather than as in Python."""
    import rdflib

    message = report.value(node, rdflib.URIRef(SH + "resultMessage"))
    return LITERAL.sub(r"\1", str(message or ""))


def _cures(shape: Node | None, *graphs: rdflib.Graph) -> Iterator[str]:
    """The shape's `kgt:cure`; pySHACL copies anonymous shapes into its report."""
    import rdflib

    if shape is not None:
        values = (graph.value(shape, rdflib.URIRef(CURE)) for graph in graphs)
        yield from (str(cure) for cure in values if cure is not None)


def _name(node: Node | None) -> str:
    import rdflib

    if isinstance(node, rdflib.Literal):
        return f'"{node}"'
    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)


def _value(node: Node | None) -> Value | None:
    import rdflib

    return None if node is None else (isinstance(node, rdflib.URIRef), _name(node))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
