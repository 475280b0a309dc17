"""Names as written in source code -> the entities they mean, within the code of one language."""

from __future__ import annotations

import builtins
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kgtransfer.code.languages.source import Definition, SourceModule

__all__ = ["Names"]

PYTHON = "python"
TYPE_RELATIONS = frozenset({"extends", "raises", "hasType", "returns"})


class Names:
    """What names mean in the modules of one language.

    Args:
        modules: with a name each of their own.
        definitions: in them, with a qualified name each of their own.
        language: their language; the names that are built in are known for Python alone.
    """

    def __init__(
        self, modules: Sequence[SourceModule], definitions: Iterable[Definition], language: str
    ) -> None:
        self.definitions = {d.qualified: d for d in definitions}
        self.imports = {m.name: m.imports for m in modules}
        self.known = {*self.imports, *self.definitions}
        self.language = language
        self.methods: dict[str, list[str]] = {}
        self.functions: dict[str, list[str]] = {}
        for d in self.definitions.values():
            if d.kind != "class":
                named = self.methods if d.kind == "method" else self.functions
                named.setdefault(d.name, []).append(d.qualified)

    @property
    def scope(self) -> tuple[object, ...]:
        """All that what a name means depends on, but the entity in which it is written."""
        shapes = {
            (d.qualified, d.kind, d.parent, d.module, d.bases) for d in self.definitions.values()
        }
        return shapes, self.imports

    def parent_of(self, d: Definition) -> str:
        """The class or module that a definition is part of.

        Methods may stand apart from their class, in a file that imports it.
        """
        if d.parent in self.known:
            return d.parent
        owner = self._in_scope(d.parent.rpartition(".")[2], d)
        return owner if owner and self._is_class(owner) else d.module

    def imported_modules(self, module: SourceModule) -> list[str]:
        """The modules of the code base that a module imports, or imports a name from."""
        targets = (self._module_of(target) for target in module.imports.values())
        return sorted({name for name in targets if name and name != module.name})

    def resolve(self, relation: str, written: str, at: Definition) -> str | None:
        """What a name means in a definition, where it can stand in a relation.

        Args:
            relation: of the vocabulary, such as `calls`.
            written: the name.
            at: the definition.

        Returns:
            A qualified name, or None where it is unclear or means nothing of the kind.
        """
        target = self._resolve(written, at)
        if relation in TYPE_RELATIONS:
            if target is None and relation in ("extends", "raises") and self.language != PYTHON:
                named_like_a_type = written.rpartition(".")[2][:1].isupper()
                target = written if named_like_a_type else None
            definition = self.definitions.get(target or "")
            fits = definition is None or definition.kind == "class"
        else:
            fits = True
        # What has the name of a module is none of these.
        return target if fits and target not in self.imports else None

    def _resolve(self, written: str, at: Definition) -> str | None:
        head, _, rest = written.partition(".")
        if head in ("self", "cls"):
            return self._method(rest, at.parent)
        if not head:  # a call on an expression: its method, if only one class has it
            return self._only_method(rest)
        found = self._in_scope(written, at)
        if found:
            return found
        if self.language == PYTHON:
            if not rest and hasattr(builtins, head):
                return f"builtins.{head}"
            return self._only_method(rest)
        if rest:
            return self._only_method(rest)
        inherited = at.kind == "method" and self._inherited(head, at.parent)
        return inherited or self._only(self.functions, head)

    def _in_scope(self, written: str, at: Definition) -> str | None:
        """What a name means by where it stands, or by what the module imports."""
        head, _, rest = written.partition(".")
        for scope in self._scopes(at):
            if f"{scope}.{head}" in self.known:
                return self._deepest(f"{scope}.{written}")
        imported = self.imports[at.module].get(head)
        if imported is None:
            return None
        target = self._deepest(f"{imported}.{rest}".rstrip("."))
        if target in self.imports and f"{target}.{head}" in self.definitions:
            return f"{target}.{head}"  # a module's namesake, which it exports
        return target

    def _scopes(self, at: Definition) -> list[str]:
        if self.language == PYTHON:
            return [at.parent, at.module]
        scopes, scope = [], at.qualified if at.kind == "class" else at.parent
        while scope.startswith(f"{at.module}."):
            scopes.append(scope)
            scope = scope.rpartition(".")[0]
        return [*scopes, at.module]

    def _is_class(self, name: str) -> bool:
        return name in self.definitions and self.definitions[name].kind == "class"

    def _deepest(self, qualified: str) -> str:
        """`json.load` -> `json.load`; a package's re-export -> what it was imported from."""
        parent, _, name = qualified.rpartition(".")
        seen = set[str]()
        while qualified not in self.known and name in self.imports.get(parent, {}):
            if qualified in seen:
                break
            seen.add(qualified)
            qualified = self.imports[parent][name]
            parent, _, name = qualified.rpartition(".")
        return self._by_ending(qualified)

    def _by_ending(self, qualified: str) -> str:
        """The known name that ends as an unknown one does: repositories nest their packages."""
        if qualified in self.known or self.language == PYTHON:
            return qualified
        parts = qualified.split(".")
        for start in range(1, len(parts) - 1):
            found = self._endings.get(".".join(parts[start:]))
            if found:
                return found
        return qualified

    @cached_property
    def _endings(self) -> dict[str, str | None]:
        """Endings of two parts or more -> the only name with it."""
        endings: dict[str, str | None] = {}
        for name in self.known:
            parts = name.split(".")
            for start in range(len(parts) - 1):
                ending = ".".join(parts[start:])
                endings[ending] = None if ending in endings else name
        return endings

    def _module_of(self, target: str) -> str | None:
        target = self._by_ending(target)
        while target and target not in self.imports:
            above = target.rpartition(".")[0]
            if self.language == PYTHON and above not in self.imports:
                return None
            target = above
        return target or None

    def _method(self, name: str, cls: str) -> str | None:
        """A method of a class or of the nearest of its bases that is known."""
        return self._inherited(name, cls) or self._only_method(name.rpartition(".")[2])

    def _inherited(self, name: str, cls: str) -> str | None:
        pending, seen = [cls], set[str]()
        while pending:
            owner = pending.pop(0)
            if f"{owner}.{name}" in self.definitions:
                return f"{owner}.{name}"
            definition = self.definitions.get(owner)
            if definition is None or owner in seen:
                continue
            seen.add(owner)
            bases = (self._base(base, definition) for base in definition.bases)
            pending += [base for base in bases if base]
        return None

    def _base(self, written: str, at: Definition) -> str | None:
        return self._in_scope(written, at)

    def _only_method(self, dotted: str) -> str | None:
        return self._only(self.methods, dotted.rpartition(".")[2])

    @staticmethod
    def _only(named: dict[str, list[str]], name: str) -> str | None:
        owners = named.get(name, [])
        return owners[0] if len(owners) == 1 else None
