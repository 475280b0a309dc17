"""The syntax tree of a function -> what it takes, calls, throws and returns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from kgtransfer.code.languages.names import called_name, dotted_names, is_identifier
from kgtransfer.code.languages.source import unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from kgtransfer.code.languages.tables import Language

__all__ = ["FunctionParts", "function_parts", "name_of"]

RETURN_TYPES = ("return_type", "result", "returns", "type")  # fields, in the grammars
LIST_ENDS = ("arguments", "call_suffix")
MOST_DEPTH = 8  # of declarators: `int *(*f[2])(void)`


class FunctionParts(TypedDict):
    """Fields of a `Definition`."""

    parameters: tuple[str, ...]
    types: tuple[str, ...]
    returns: tuple[str, ...]
    calls: tuple[str, ...]
    raises: tuple[str, ...]
    returned: str


def function_parts(node: Node, data: bytes, language: Language, receiver: str) -> FunctionParts:
    """A function -> what it takes, calls, throws and returns.

    Args:
        node: of the function.
        data: the source.
        language: its table.
        receiver: what the function calls the object it belongs to, beside the language's names.
    """
    receivers = {*language.receivers, *([receiver] if receiver else [])}
    parameters = [p for found in _parameters(node, language) for p in found]
    calls, raises, returned = list[str](), list[str](), ""
    pending = list(reversed(node.named_children))
    while pending:
        inner = pending.pop()
        kind = inner.type
        if kind in language.calls:
            calls.append(called_name(_callee(inner, data), receivers))
        elif kind in language.raises:
            raises += _thrown(_text(inner, data))
        elif kind.startswith("return") and kind.endswith(("statement", "expression")):
            returned = returned or _returned(_text(inner, data))
        pending += reversed(inner.named_children)
    types = (child for p in parameters for child in p.children_by_field_name("type"))
    results = (child for name in RETURN_TYPES for child in node.children_by_field_name(name))
    return FunctionParts(
        parameters=unique(
            name
            for parameter in parameters
            for name in _parameter_names(parameter, data)
            if name not in receivers and name != "_"
        ),
        types=unique(name for child in types for name in dotted_names(_text(child, data))),
        returns=unique(name for child in results for name in dotted_names(_text(child, data))),
        calls=unique(calls),
        raises=unique(raises),
        returned=returned,
    )


def name_of(node: Node, data: bytes) -> str:
    """The name of a definition, dotted where it is qualified (`Basket::add`); empty without one."""
    for _ in range(MOST_DEPTH):
        inner = node.child_by_field_name("name") or node.child_by_field_name("declarator")
        if inner is None:
            break
        node = inner
    if node.named_child_count and not node.type.endswith(_NAMES):
        node = next((c for c in node.named_children if c.type.endswith(_NAMES)), node)
    names = dotted_names(_text(node, data).replace("$", ""))
    return names[0] if len(names) == 1 else ""


_NAMES = ("identifier", "name", "constant", "expression")


def _parameters(node: Node, language: Language) -> Iterator[list[Node]]:
    for _ in range(MOST_DEPTH):
        lists = node.children_by_field_name("parameters")
        lists += (c for c in node.named_children if c.type in language.parameters)
        if lists:
            for each in lists:
                yield [c for c in each.named_children if c.type not in language.comments]
            return
        single = node.child_by_field_name("parameter")
        if single:
            yield [single]
        inner = node.child_by_field_name("declarator")
        if inner is None:
            return
        node = inner


def _parameter_names(node: Node, data: bytes, depth: int = 0) -> list[str]:
    fields = ("name", "pattern", "declarator")
    named = next(filter(None, map(node.children_by_field_name, fields)), [])
    if not named and node.named_child_count and depth < MOST_DEPTH:
        plain = [c for c in node.named_children if c.type.endswith("identifier")]
        first = next((c for c in plain if c.type != "type_identifier"), None)
        named = [first or node.named_children[-1]]
    if not named or depth >= MOST_DEPTH:
        text = re.sub(r"^[&*@$.\s]+", "", _text(node, data))
        return [text] if is_identifier(text) else []
    return [name for child in named for name in _parameter_names(child, data, depth + 1)]


def _callee(node: Node, data: bytes) -> str:
    target = node.child_by_field_name("type") or node.child_by_field_name("constructor")
    if target:
        return _text(target, data)
    ends = [node.child_by_field_name("arguments")]
    ends += (c for c in node.named_children if c.type in LIST_ENDS)
    end = next((e.start_byte for e in ends if e), node.end_byte)
    return data[node.start_byte : end].decode(errors="replace")


def _thrown(text: str) -> tuple[str, ...]:
    """Types in `throw new A(x)` and `throws A, B`; a variable that is thrown is none."""
    names = dotted_names(text.partition("(")[0])
    return tuple(name for name in names if name.rpartition(".")[2][:1].isupper())


def _returned(text: str) -> str:
    match = re.match(r"return\s+(?:\$|&|\*|await\s|new\s)*([\w.]+)", text)
    return match[1] if match else ""


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode(errors="replace")
