"""Code -> the IRIs that it writes out, as read in its source: nothing of it runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import CodeError
from kgtransfer.trust.sources import parsed
from kgtransfer.trust.unit import CodeUnit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kgtransfer.trust.installed import InstalledCode

__all__ = ["written_iris"]

IRI = re.compile(r"[A-Za-z][\w+.-]*:[^\s<>\"{}|\\^`]+", re.ASCII)
LONGEST = 2_000
"""Characters of an IRI; a longer text is none."""
DEEPEST = 20
"""Texts that one text is put together from, one after the other."""


def written_iris(code: CodeUnit | InstalledCode) -> frozenset[str]:
    """Code -> every IRI that it has as a text, or puts together from named ones.

    `"http://e/x#dark"`, `MY + "dark"` and `f"{MY}dark"` count, where `MY = "http://e/x#"` stands
    in one of its files; what a loop or a function makes does not.

    Args:
        code: a unit of files, or what is installed.

    Raises:
        CodeError: a file cannot be read, or is no Python.
    """
    trees = [parsed(content, name) for name, content in _sources(code).items()]
    names: dict[str, str] = {}
    for name, expression in (pair for tree in trees for pair in _assigned(tree)):
        if text := _text(expression, names):
            names[name] = text
    expressions = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.expr))
    texts = (_text(expression, names) for expression in expressions)
    return frozenset(text for text in texts if text and IRI.fullmatch(text))


def _sources(code: CodeUnit | InstalledCode) -> Mapping[str, bytes]:
    if isinstance(code, CodeUnit):
        return code.files
    try:
        return {str(f): Path(f).read_bytes() for f in sorted(code.files) if f.suffix == ".py"}
    except OSError as error:
        raise CodeError(f"{code.label}: cannot be read ({error})") from error


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names that a module assigns to, each with the expression."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value:
            targets, value = [node.target], node.value
        else:
            continue
        yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))


def _text(node: ast.expr, names: Mapping[str, str], depth: int = 0) -> str | None:
    """The text that an expression is, where that can be read; None where it cannot."""
    if depth > DEEPEST:
        return None
    parts: list[str | None]
    match node:
        case ast.Constant(value=str(text)):
            parts = [text]
        case ast.Name(id=name):
            parts = [names.get(name)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = [_text(part, names, depth + 1) for part in (left, right)]
        case ast.JoinedStr(values=values):
            parts = [_text(part, names, depth + 1) for part in values]
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            parts = [_text(value, names, depth + 1)]
        case _:
            parts = [None]
    text = "".join(part for part in parts if part is not None)
    return text if None not in parts and len(text) <= LONGEST else None
