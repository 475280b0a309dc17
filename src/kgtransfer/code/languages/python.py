"""Python source -> flat lists of definitions, by `ast` alone: nothing is imported or run."""

from __future__ import annotations

import ast
import contextlib
import sys
import warnings
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from kgtransfer.errors import DataError
from kgtransfer.utils.resources import expanded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Definition", "SourceModule", "find_package", "find_source", "read_modules"]

SKIPPED_FOLDERS = frozenset({"test", "tests", "idlelib", "site-packages", "__pycache__"})


@dataclass(frozen=True)
class Definition:
    """A class or function as written.

    Attributes:
        qualified: dotted name from the top-level package on, `json.decoder.JSONDecoder.decode`.
        parent: qualified name of the class or module it stands in.
        code: its source without the docstring, dedented.
        calls: dotted names of what it calls, as written (`self.decode`, `os.path.join`).
    """

    kind: str  # "class", "function" or "method"
    name: str
    qualified: str
    parent: str
    module: str
    line: int
    docstring: str
    code: str
    parameters: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """No part of the dotted name starts with an underscore."""
        return not any(part.startswith("_") for part in self.qualified.split("."))


@dataclass(frozen=True)
class SourceModule:
    """One `.py` file: its docstring, the names it imports and the definitions in it."""

    name: str
    path: Path
    docstring: str
    imports: dict[str, str] = field(default_factory=dict)  # local alias -> qualified name
    definitions: tuple[Definition, ...] = ()


def find_package(name: str) -> Path:
    """The folder or file of an importable top-level package, found without importing it.

    Raises:
        DataError: no such package, or it has no Python source.
    """
    try:
        spec = PathFinder.find_spec(name.partition(".")[0])  # frozen modules too
    except (ImportError, ValueError):
        spec = None
    origin = Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None
    if origin is None or not origin.is_file():
        raise DataError(
            f"{name!r} is neither a path nor a Python package with source",
            cure="give a folder of Python files, or the name of an installed package",
        )
    return origin.parent if origin.name == "__init__.py" else origin


def find_source(path: str, packages: Sequence[str] = ()) -> list[Path]:
    """The name or path of a code base -> its files and folders.

    Args:
        path: a folder or file; or the name of an installed package; or `stdlib`.
        packages: names of the packages that count, of the standard library or of the folder;
            all where there is none.

    Raises:
        DataError: there is no such code base, or no such package in it.
    """
    if path == "stdlib":
        library = sorted(sys.stdlib_module_names)
        return [find_package(name) for name in packages or _with_source(library)]
    root = expanded(path)
    if not root.exists():
        return [find_package(path)]
    paths = [root / name if (root / name).is_dir() else root / f"{name}.py" for name in packages]
    return paths or [root]


def read_modules(paths: Iterable[Path]) -> list[SourceModule]:
    """Packages (folders with or without `__init__.py`) and single `.py` files -> modules.

    Files that this Python cannot parse are passed over: a tree may hold templates or other
    versions' syntax.

    Raises:
        DataError: a path does not exist, or no path holds a Python module.
    """
    modules = []
    for path in paths:
        if not path.exists():
            raise DataError(f"{path} does not exist", cure="check the path given as data")
        is_package = (path / "__init__.py").is_file()
        root = path.parent if path.is_file() or is_package else path
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        for file in files:
            if not SKIPPED_FOLDERS & set(file.relative_to(root).parts[:-1]):
                module = _read_module(file, root)
                modules += [module] if module else []
    if not modules:
        raise DataError("no Python module found", cure="give a folder with .py files")
    return modules


def _with_source(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        with contextlib.suppress(DataError):
            find_package(name)
            yield name


def _read_module(file: Path, root: Path) -> SourceModule | None:
    parts = file.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    try:
        source = file.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in other people's strings
            tree = ast.parse(source)
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return None
    lines = source.splitlines()
    package = name if parts[-1] == "__init__" else name.rpartition(".")[0]
    return SourceModule(
        name=name,
        path=file,
        docstring=ast.get_docstring(tree) or "",
        imports=_imports(tree, package),
        definitions=tuple(_definitions(tree.body, name, name, lines, in_class=False)),
    )


def _imports(tree: ast.Module, package: str) -> dict[str, str]:
    imports: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                target = alias.name if alias.asname else alias.name.partition(".")[0]
                imports[alias.asname or target] = target
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node.module or "", node.level, package)
            for alias in node.names:
                if alias.name != "*":
                    imports[alias.asname or alias.name] = f"{base}.{alias.name}".lstrip(".")
    return imports


def _absolute(module: str, level: int, package: str) -> str:
    if level == 0:
        return module
    kept = package.split(".")[: len(package.split(".")) - level + 1]
    return ".".join([*kept, module] if module else kept)


def _definitions(
    body: Sequence[ast.stmt], parent: str, module: str, lines: list[str], *, in_class: bool
) -> Iterator[Definition]:
    for node in _flat(body):
        if isinstance(node, ast.ClassDef):
            yield _class(node, parent, module, lines)
            inside = f"{parent}.{node.name}"
            yield from _definitions(node.body, inside, module, lines, in_class=True)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _function(node, parent, module, lines, in_class=in_class)


def _flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements with those under `if` and `try` at the same level (version switches)."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _flat([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            handled = [statement for handler in node.handlers for statement in handler.body]
            yield from _flat([*node.body, *handled, *node.orelse, *node.finalbody])
        else:
            yield node


def _class(node: ast.ClassDef, parent: str, module: str, lines: list[str]) -> Definition:
    return Definition(
        kind="class",
        name=node.name,
        qualified=f"{parent}.{node.name}",
        parent=parent,
        module=module,
        line=node.lineno,
        docstring=ast.get_docstring(node) or "",
        code=lines[node.lineno - 1].strip(),
        bases=_unique(_dotted(base) for base in node.bases),
    )


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    parent: str,
    module: str,
    lines: list[str],
    *,
    in_class: bool,
) -> Definition:
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [a for a in (arguments.vararg, arguments.kwarg) if a]
    calls = (_dotted(n.func) for n in ast.walk(node) if isinstance(n, ast.Call))
    raised = (n.exc for n in ast.walk(node) if isinstance(n, ast.Raise) and n.exc)
    return Definition(
        kind="method" if in_class else "function",
        name=node.name,
        qualified=f"{parent}.{node.name}",
        parent=parent,
        module=module,
        line=node.lineno,
        docstring=ast.get_docstring(node) or "",
        code=_code_without_docstring(node, lines),
        parameters=_unique(a.arg for a in (*named, *starred) if a.arg not in ("self", "cls", "_")),
        calls=_unique(calls),
        raises=_unique(_dotted(e.func if isinstance(e, ast.Call) else e) for e in raised),
    )


def _code_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> str:
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    kept = lines[first:last]
    head = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        start, end = head.lineno - 1 - first, (head.end_lineno or head.lineno) - first
        kept = kept[:start] + kept[end:] if start else kept[:1]
    return dedent("\n".join(kept)).strip()


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or attribute chain; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        return ".".join([node.id, *reversed(parts)])
    return ".".join(["", *reversed(parts)]) if parts else ""


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
