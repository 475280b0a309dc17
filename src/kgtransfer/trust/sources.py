"""Which local files a piece of code may import: the files that are hashed and run together.

Absolute imports that a file names are followed to the files beside it; a package comes whole.
What no file names is not read, and so cannot be imported either.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import unicodedata
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TYPE_CHECKING

from kgtransfer.errors import CodeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kgtransfer.trust.reader import FolderReader

__all__ = ["RESERVED", "checked_names", "collect", "module_name", "parsed"]

RESERVED = frozenset({*sys.stdlib_module_names, "kgtransfer"})
"""Top-level names that no local file takes the place of."""
_INIT = "__init__.py"
_COMPILED = (*EXTENSION_SUFFIXES, ".pyc", ".pyd")


def collect(reader: FolderReader, entry: str) -> dict[str, bytes]:
    """File -> its content and that of all local files that it may import, by name.

    Args:
        reader: of the folder that absolute imports are looked for in.
        entry: name of the file in it.

    Raises:
        CodeError: a file is missing, a link, compiled, no UTF-8, no Python, or too much.
    """
    files: dict[str, bytes] = {}
    packages = ["/".join(entry.split("/")[:depth]) for depth in range(1, entry.count("/") + 1)]
    waiting = [entry, *(f"{package}/{_INIT}" for package in packages)]
    while waiting:
        name = waiting.pop()
        if name in files or (content := reader.read(name)) is None:
            continue
        files[name] = content
        if name.endswith(f"/{_INIT}"):
            waiting += _package(reader, name.removesuffix(f"/{_INIT}"))
        for module in _imports(parsed(content, str(reader.root / name)), name):
            waiting += _located(reader, module)
    if entry not in files:
        raise CodeError(f"{reader.root / entry}: no such file", cure="check the path")
    return dict(sorted(checked_names(files).items()))


def parsed(content: bytes, place: str) -> ast.Module:
    """The syntax tree of a source file in UTF-8.

    Args:
        content: of the file.
        place: its path, for errors.

    Raises:
        CodeError: it is no UTF-8, or no Python.
    """
    try:
        text = content.decode("utf-8-sig")
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if encoding not in ("utf-8", "utf-8-sig"):
            raise CodeError(f"{place}: it declares {encoding}", cure="save it as UTF-8")
        return ast.parse(text)
    except UnicodeDecodeError as error:
        raise CodeError(f"{place}: no UTF-8 text ({error})", cure="save it as UTF-8") from error
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise CodeError(f"{place}{line}: {error.msg}", cure="mend the Python there") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise CodeError(f"{place}: no Python that can be read ({error})") from error


def module_name(file: str) -> str:
    """Dotted name of the module that a file is: `a/b.py` is `a.b`, `a/__init__.py` is `a`."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def checked_names(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The same files, where their names can stand for modules on every system.

    Raises:
        CodeError: a name leads elsewhere, is none of a module, or differs from another one by
            case or Unicode form alone.
    """
    folded: dict[str, str] = {}
    for name in files:
        stem = name.removesuffix(".py")
        if stem == name or not all(map(_is_module, stem.split("/"))):
            raise CodeError(f"{name!r} is no name of a module", cure="rename the file")
        other = folded.setdefault(name.casefold(), name)
        if other != name:
            raise CodeError(f"{other!r} and {name!r} differ by case alone", cure="rename one")
    return files


def _is_module(part: str) -> bool:
    is_normal = unicodedata.normalize("NFKC", part) == part
    return part.replace("-", "_").isidentifier() and is_normal


def _package(reader: FolderReader, folder: str) -> Iterator[str]:
    """The source files of a package and of the folders in it."""
    for name in reader.names(folder):
        path, stem = f"{folder}/{name}", name.removesuffix(".py")
        if stem != name and stem.isidentifier():
            yield path
        elif name.endswith(_COMPILED):
            _refuse_compiled(reader, path)
        elif name.isidentifier() and name != "__pycache__" and reader.is_folder(path):
            yield from _package(reader, path)


def _imports(tree: ast.Module, file: str) -> Iterator[str]:
    """Dotted names, from the root, of what a file imports and may find beside it."""
    package = file.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if _may_be_local(a.name))
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            if node.level > len(package) + 1 or not (node.level or _may_be_local(base)):
                continue
            yield from (f"{base}.{a.name}".strip(".") for a in node.names)


def _may_be_local(module: str) -> bool:
    return module.partition(".")[0] not in RESERVED


def _located(reader: FolderReader, module: str) -> Iterator[str]:
    """The files that a dotted name and the packages above it may be; many are none."""
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        base = "/".join(parts[:depth])
        above, _, leaf = base.rpartition("/")
        yield from (f"{base}/{_INIT}", f"{base}.py")
        for name in reader.names(above):
            if name.startswith(f"{leaf}.") and name.endswith(_COMPILED):
                _refuse_compiled(reader, f"{above}/{name}".lstrip("/"))


def _refuse_compiled(reader: FolderReader, name: str) -> None:
    raise CodeError(
        f"{reader.root / name} is compiled code, which cannot be part of a unit",
        cure="install it as a package, or keep it elsewhere",
    )
