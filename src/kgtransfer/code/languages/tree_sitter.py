"""Source in any language that has a table -> modules and definitions, by its tree-sitter grammar.

Nothing is run. A tree with errors in it still gives the definitions around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from kgtransfer.code.languages.comments import documentation_text
from kgtransfer.code.languages.functions import function_parts, name_of
from kgtransfer.code.languages.names import dotted_names, imported_names, is_identifier
from kgtransfer.code.languages.places import Place
from kgtransfer.code.languages.source import Definition, SourceModule, unique

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Language as Grammar
    from tree_sitter import Node, Parser

    from kgtransfer.code.languages.tables import Language

__all__ = ["read_tree"]

LICENCE = re.compile(r"copyright|licen[cs]e|spdx", re.IGNORECASE)


def read_tree(source: str, file: Path, root: Path, language: Language) -> tuple[SourceModule, int]:
    """The text of a file -> its module, and the line of the first syntax error, or 0.

    Args:
        source: the text.
        file: where it stands.
        root: the folder that was given, which names of modules start with, or the file itself.
        language: the table of its language.
    """
    data = source.encode()
    tree = _parser(language.grammars[file.suffix]).parse(data)
    top = tree.root_node
    place = Place.of(file, root, language)
    name = place.module
    declared = next(_packages(top, language), "")
    if declared and (language.module == "file" or root.is_file()):
        name = declared
    reader = _Reader(language, data, name)
    definitions = tuple(reader.definitions(top, name, in_class=False))
    module = SourceModule(
        name=name,
        path=file,
        docstring=_module_documentation(top, language, data),
        imports={
            alias: place.absolute(target, name)
            for text in reader.imports
            for alias, target in imported_names(text).items()
        },
        definitions=tuple(
            replace(d, bases=unique([*d.bases, *reader.bases.get(d.qualified, ())]))
            if d.kind == "class"
            else d
            for d in definitions
        ),
        language=language.name,
    )
    return module, _first_error(top) if top.has_error else 0


@cache
def _parser(grammar: str | Grammar) -> Parser:
    from tree_sitter import Parser

    if not isinstance(grammar, str):
        return Parser(grammar)
    from tree_sitter_language_pack import get_language

    return Parser(get_language(grammar))  # type: ignore[arg-type]  # names are a Literal there


@dataclass
class _Reader:
    """One walk over a tree: definitions, and on the way imports and what classes extend."""

    language: Language
    data: bytes
    module: str
    imports: list[str] = field(default_factory=list)
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def definitions(
        self, node: Node, parent: str, *, in_class: bool, above: Sequence[Node] = ()
    ) -> Iterator[Definition]:
        """Definitions under a node.

        Args:
            node: a tree, a class's body, or anything between.
            parent: qualified name of what encloses it.
            in_class: whether that is a class.
            above: comments and decorators over the node.
        """
        notes = list(above)
        for child in node.named_children:
            kind = child.type
            is_note = kind in self.language.comments or kind in self.language.decorators
            near = bool(notes) and self._is_near(notes[-1], child)
            if is_note:
                notes = [*notes, child] if near else [child]
                continue
            same_line = child.start_point.row == node.start_point.row
            yield from self._of(child, parent, in_class, notes if near or same_line else ())
            notes = list(above) if same_line and not notes else []

    def _is_near(self, note: Node, node: Node) -> bool:
        """Whether a comment is over a node, with a blank line between at most where it may be."""
        rows = node.start_point.row - note.end_point.row
        documents = self.data[note.start_byte : note.start_byte + 3] == b"/**"
        return rows <= (2 if documents else 1)

    def _of(
        self, node: Node, parent: str, in_class: bool, notes: Sequence[Node]
    ) -> Iterator[Definition]:
        kind, language = node.type, self.language
        if kind in language.imports:
            text = self._text(node)
            if kind == "import_spec" or _IMPORTS.search(text):
                self.imports.append(text)
                return
        if kind in language.classes and not _is_mention(node):
            yield from self._class(node, parent, notes)
        elif kind in language.inline_modules and name_of(node, self.data) in ("test", "tests"):
            return
        elif kind in language.extensions:
            yield from self._extension(node)
        elif kind in language.functions:
            yield from self._function(node, node, parent, in_class, notes)
        elif kind in language.bindings and (value := self._bound_function(node)):
            yield from self._function(node, value, parent, in_class, notes)
        else:
            yield from self.definitions(node, parent, in_class=in_class, above=notes)

    def _class(self, node: Node, parent: str, notes: Sequence[Node]) -> Iterator[Definition]:
        name = name_of(node, self.data).rpartition(".")[2]
        if not is_identifier(name):
            yield from self.definitions(node, parent, in_class=False)
            return
        qualified = f"{parent}.{name}"
        documentation, decorators = self._notes(node, notes)
        yield Definition(
            kind="class",
            name=name,
            qualified=qualified,
            parent=parent,
            module=self.module,
            line=node.start_point.row + 1,
            docstring=documentation,
            code=self._text(node).partition("\n")[0].strip(),
            bases=self._bases(node),
            decorators=decorators,
            is_hidden=self._is_hidden(node),
            language=self.language.name,
        )
        yield from self.definitions(node, qualified, in_class=True)

    def _extension(self, node: Node) -> Iterator[Definition]:
        extended = node.child_by_field_name(self.language.extensions[node.type])
        names = dotted_names(self._text(extended)) if extended else ()
        if not names:
            return
        qualified = f"{self.module}.{names[0].rpartition('.')[2]}"
        self.bases[qualified] = (*self.bases.get(qualified, ()), *self._bases(node))
        yield from self.definitions(node, qualified, in_class=True)

    def _function(
        self, node: Node, value: Node, parent: str, in_class: bool, notes: Sequence[Node]
    ) -> Iterator[Definition]:
        """A function, which is the value of a binding where it is not the node itself."""
        owner, _, name = name_of(self._name_node(node), self.data).rpartition(".")
        if not is_identifier(name):
            return
        receiver, owner_by_receiver = self._receiver(value)
        owner = owner_by_receiver or (owner.rpartition(".")[2] if self.language.classes else "")
        if owner and value is node and not in_class:
            parent, in_class = f"{self.module}.{owner}", True
        documentation, decorators = self._notes(node, notes)
        indent = " " * node.start_point.column
        yield Definition(
            kind="method" if in_class else "function",
            name=name,
            qualified=f"{parent}.{name}",
            parent=parent,
            module=self.module,
            line=node.start_point.row + 1,
            docstring=documentation,
            code=dedent(indent + self._text(node)).strip(),
            decorators=decorators,
            is_hidden=self._is_hidden(node),
            language=self.language.name,
            **function_parts(value, self.data, self.language, receiver),
        )

    def _name_node(self, node: Node) -> Node:
        if node.type not in self.language.bindings:
            return node
        return node.child_by_field_name(self.language.bindings[node.type][0]) or node

    def _bound_function(self, node: Node) -> Node | None:
        value = node.child_by_field_name(self.language.bindings[node.type][1])
        return value if value and value.type in self.language.functions else None

    def _receiver(self, node: Node) -> tuple[str, str]:
        """Name and class of a method's receiver where it is written down (Go)."""
        found = node.child_by_field_name(self.language.receiver) if self.language.receiver else None
        names = dotted_names(re.sub(r"\[[^\]]*\]", "", self._text(found))) if found else ()
        return (names[0] if len(names) > 1 else "", names[-1]) if names else ("", "")

    def _bases(self, node: Node) -> tuple[str, ...]:
        wanted, found, pending = self.language.bases, list[str](), [(node, 0)]
        for name in wanted:
            found += (self._text(child) for child in node.children_by_field_name(name))
        while pending:
            parent, depth = pending.pop(0)
            for child in parent.named_children:
                if child.type in wanted and child.child_by_field_name("name") is None:
                    found.append(self._text(child))
                elif depth < 2 and child.type not in self.language.functions:
                    pending.append((child, depth + 1))
        arguments = re.compile(r"\([^()]*\)|`[^`]*`")
        return unique(name for text in found for name in dotted_names(arguments.sub("", text)))

    def _notes(self, node: Node, notes: Sequence[Node]) -> tuple[str, tuple[str, ...]]:
        """Documentation, and names of decorators, before and inside a definition's head."""
        texts = [self._text(n) for n in notes if n.type in self.language.comments]
        kept = [text for text in texts if text.lstrip().startswith(self.language.documentation)]
        decorating = [n for n in notes if n.type in self.language.decorators]
        for child in node.named_children if self.language.decorators else ():
            holds = "modif" in child.type or child.type == "attribute_list"
            inside = [child, *(child.named_children if holds else ())]
            decorating += (n for n in inside if n.type in self.language.decorators)
        names = (dotted_names(self._text(n).partition("(")[0]) for n in decorating)
        text = documentation_text("\n".join(t.rstrip("\n") for t in kept))
        return ("" if LICENCE.search(text[:200]) else text), unique(
            n for found in names for n in found[:1]
        )

    def _is_hidden(self, node: Node) -> bool:
        head = self._text(node)[:200].partition("{")[0].partition("(")[0]
        return not self.language.hidden.isdisjoint(head.split())

    def _text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode(errors="replace")


_IMPORTS = re.compile(
    r"^\s*(?:pub\b.*?)?(?:import|use|using|#\s*include)\b|\brequire\s*\(?\s*['\"]"
)


def _is_mention(node: Node) -> bool:
    """Whether `struct point` only names a type that is defined elsewhere."""
    return node.type.endswith("_specifier") and node.child_by_field_name("body") is None


def _packages(top: Node, language: Language) -> Iterator[str]:
    for child in top.named_children if language.package else ():
        if child.type in language.package:
            name = child.child_by_field_name("name") or child
            yield from dotted_names((name.text or b"").decode(errors="replace"))[:1]


def _module_documentation(top: Node, language: Language, data: bytes) -> str:
    """What the first comments of a file say of it, unless they belong to the definition below."""
    groups: list[list[Node]] = []
    following = None
    for child in top.named_children:
        if child.type not in language.comments:
            if child.type == "php_tag":
                continue
            following = child
            break
        if groups and child.start_point.row - groups[-1][-1].end_point.row <= 1:
            groups[-1].append(child)
        else:
            groups.append([child])
    if groups and following and following.type not in language.package:
        shared = set(language.module_documentation) & set(language.documentation)
        if shared and following.start_point.row - groups[-1][-1].end_point.row <= 1:
            groups.pop()
    for group in reversed(groups):
        texts = (data[n.start_byte : n.end_byte].decode(errors="replace") for n in group)
        kept = [t for t in texts if t.lstrip().startswith(language.module_documentation)]
        if kept and not LICENCE.search(kept[0][:500]):
            return documentation_text("\n".join(t.rstrip("\n") for t in kept))
    return ""


def _first_error(top: Node) -> int:
    """The line of the first error in a tree."""
    pending = [top]
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            return node.start_point.row + 1
        pending += (
            child for child in reversed(node.children) if child.has_error or child.is_missing
        )
    return 0
