"""What the validating process is asked and what it answers: JSON between two processes."""

from __future__ import annotations

from typing import TypeAlias, TypedDict

__all__ = ["Answer", "Failure", "Request", "Result", "Value"]

Value: TypeAlias = tuple[bool, str]
"""A node: whether it is an IRI, and its name; a literal in quotes, without its datatype."""


class Request(TypedDict):
    """The first line that the process reads; N-Triples follow, first the shapes, then the graph.

    Attributes:
        shapes: how many bytes of N-Triples are shapes.
        shapes_prefixes: prefix -> namespace of the shapes.
        prefixes: prefix -> namespace of the graph.
    """

    shapes: int
    shapes_prefixes: dict[str, str]
    prefixes: dict[str, str]


class Result(TypedDict):
    """One `sh:result`; nodes are named by IRI, or by `_:` and a name, literals by their text.

    Attributes:
        focus: name of the node that is wrong.
        severity: IRI; empty where the report has none.
        message: what the shape says; empty for nothing.
        cure: the shape's `kgt:cure`; empty for none.
        component: local name of the constraint component that found it.
        path: the property, where the shape has one.
        value: the value that is wrong, where it is one value.
        shape: the shape that found it, where the report says so.
        details: what the shapes object to that it is made of, each once.
    """

    focus: str
    severity: str
    message: str
    cure: str
    component: str
    path: Value | None
    value: Value | None
    shape: Value | None
    details: list[str]


class Failure(TypedDict):
    """Why there are no results.

    Attributes:
        reason: what is wrong, in one sentence.
        cure: what to do about it.
        shape: name of the node in the shapes that it is about; empty where none is known.
    """

    reason: str
    cure: str
    shape: str


class Answer(TypedDict):
    """Everything the process writes: results, or why there are none."""

    results: list[Result]
    failure: Failure | None
