"""Python source -> modules and definitions, by `ast` alone: nothing is imported or run."""

from __future__ import annotations

import ast
import contextlib
import re
import sys
import warnings
from importlib.machinery import PathFinder
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from kgtransfer.code.languages.source import Definition, SourceModule, unique
from kgtransfer.errors import DataError
from kgtransfer.utils.resources import expanded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["find_package", "find_source", "read_python"]


EMPTY = "give a folder, or the name of an installed package; a shell variable may be unset"


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
            cure="give a folder or file of source code, or the name of an installed Python package",
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
    if not path.strip():
        raise DataError("the path of the code is empty", cure=EMPTY)
    if path == "stdlib":
        library = sorted(sys.stdlib_module_names)
        return [find_package(name) for name in packages or _with_source(library)]
    root = expanded(path)
    if not root.exists():
        return [find_package(path)]
    paths = [root / name if (root / name).is_dir() else root / f"{name}.py" for name in packages]
    return paths or [root]


def _with_source(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        with contextlib.suppress(DataError):
            find_package(name)
            yield name


def read_python(source: str, file: Path, root: Path) -> SourceModule:
    """The text of a `.py` file -> its module.

    Args:
        source: the text.
        file: where it stands.
        root: the folder that names of modules outside packages start from.

    Raises:
        SyntaxError: this Python cannot parse it: it may be a template or for another version.
    """
    name, is_package = _module_name(file, root)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in other people's strings
        tree = ast.parse(source)
    lines = source.splitlines()
    package = name if is_package else name.rpartition(".")[0]
    return SourceModule(
        name=name,
        path=file,
        docstring=ast.get_docstring(tree) or "",
        imports=_imports(tree, package),
        definitions=tuple(_definitions(tree.body, name, name, lines, in_class=False)),
    )


def _module_name(file: Path, root: Path) -> tuple[str, bool]:
    """The name from the top-level package on, and whether the file is a package's own.

    Outside of packages names start at the root, less a folder `src`.
    """
    top = file.parent
    while (top / "__init__.py").is_file():
        top = top.parent
    in_package = top != file.parent
    start = top if in_package else root
    parts = file.relative_to(start).with_suffix("").parts
    if not in_package and parts[0] == "src" and len(parts) > 1:
        parts = parts[1:]
    is_package = parts[-1] == "__init__"
    return ".".join(parts[:-1] if is_package else parts), is_package


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
        bases=unique(_dotted(base) for base in node.bases),
        decorators=_decorators(node),
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
    every = [*named, *(a for a in (arguments.vararg, arguments.kwarg) if a)]
    inside = sorted(_positioned(node), key=lambda n: (n.lineno, n.col_offset))
    raised = [n.exc for n in inside if isinstance(n, ast.Raise) and n.exc]
    returned = (n.value for n in inside if isinstance(n, ast.Return) and n.value)
    return Definition(
        kind="method" if in_class else "function",
        name=node.name,
        qualified=f"{parent}.{node.name}",
        parent=parent,
        module=module,
        line=node.lineno,
        docstring=ast.get_docstring(node) or "",
        code=_code_without_docstring(node, lines),
        parameters=unique(a.arg for a in every if a.arg not in ("self", "cls", "_")),
        calls=unique(_dotted(n.func) for n in inside if isinstance(n, ast.Call)),
        raises=unique(_dotted(e.func if isinstance(e, ast.Call) else e) for e in raised),
        types=unique(name for a in every for name in _names_of_type(a.annotation)),
        returns=unique(_names_of_type(node.returns)),
        decorators=_decorators(node),
        returned=next((_leading_word(value) for value in returned), ""),
    )


def _positioned(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    return (n for n in ast.walk(node) if isinstance(n, ast.Call | ast.Raise | ast.Return))


def _names_of_type(annotation: ast.expr | None) -> Iterator[str]:
    """Names in an annotation: `dict[str, shop.Basket] | None` -> `dict`, `str`, `shop.Basket`."""
    pending = [annotation] if annotation else []
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            with contextlib.suppress(SyntaxError, ValueError, RecursionError):
                pending.append(ast.parse(node.value, mode="eval").body)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield _dotted(node)
        else:
            pending += [
                child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)
            ]


def _decorators(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    return unique(_dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list)


def _leading_word(value: ast.expr) -> str:
    """The name or literal that an expression starts with."""
    match = re.match(r"[\w.]+", ast.unparse(value))
    return match[0] if match else ""


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
