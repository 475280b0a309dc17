"""Runs a unit of code from bytes in memory, in a namespace of its own.

Its modules are named `kgtransfer_unit_HASH.NAME`, so that two units never share one. No file is
opened: nothing on disk that changed after the hash was taken, no bytecode and no neighbour that
was not hashed can take part. Installed packages are imported as ever.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
import threading
import traceback
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import CodeError
from kgtransfer.trust.sources import RESERVED, module_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType, ModuleType

__all__ = ["import_unit", "value_of"]

_PREFIX = "kgtransfer_unit_"
_LOCK = threading.Lock()


def import_unit(
    sha256: str, entry: str, files: Mapping[str, bytes], root: Path | None = None
) -> ModuleType:
    """Import the entry of a unit; the same unit is imported once in a process.

    Args:
        sha256: the unit's hash.
        entry: name of the file to import.
        files: content by name.
        root: the folder that the files were read from; nothing else is imported from there.

    Raises:
        CodeError: the code fails while it is imported; the message names the line.
    """
    package = _PREFIX + sha256
    with _LOCK:
        packages = {finder.package for finder in sys.meta_path if isinstance(finder, _UnitFinder)}
        if package not in packages:  # first, so that no folder of that name comes before it
            sys.meta_path.insert(0, _UnitFinder(package, files, root))
    try:
        return importlib.import_module(f"{package}.{module_name(entry)}")
    except Exception as error:
        raise CodeError(
            f"{_line(error, package, entry)}: {type(error).__name__}: {error}"
        ) from error


def value_of(module: ModuleType, attribute: str, label: str) -> Any:
    """Module and name -> the attribute of that name; the module itself without a name.

    Raises:
        CodeError: it defines nothing of that name.
    """
    value: Any = module
    for name in attribute.split(".") if attribute else ():
        if not hasattr(value, name):
            public = ", ".join(key for key in vars(module) if not key.startswith("_"))
            raise CodeError(f"{label} defines no {attribute}", cure=f"it defines: {public}")
        value = getattr(value, name)
    return value


def _line(error: Exception, package: str, entry: str) -> str:
    """File and line of the unit where an error came from."""
    place = _place(package, "")
    frames = traceback.extract_tb(error.__traceback__)
    of_unit = [frame for frame in frames if frame.filename.startswith(place)]
    if not of_unit:
        return entry
    return f"{of_unit[-1].filename.removeprefix(place)}:{of_unit[-1].lineno}"


def _place(package: str, name: str) -> str:
    """Name of a file of a unit in tracebacks: no path, so that no other file is read there."""
    return f"{_PREFIX}{package.removeprefix(_PREFIX)[:12]}:{name}"


class _UnitFinder(MetaPathFinder):
    """Finds the modules of one unit, and no others."""

    def __init__(self, package: str, files: Mapping[str, bytes], root: Path | None) -> None:
        self.package = package
        ordered = sorted(files, key=lambda name: name.endswith("/__init__.py"))
        self.files = {module_name(name): name for name in ordered}  # packages before modules
        self.loader = _UnitLoader(self, files, root)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The specification of a module of the unit."""
        if fullname != self.package and not fullname.startswith(f"{self.package}."):
            return None
        module = fullname[len(self.package) + 1 :]
        is_package = self.is_package(module)
        if module not in self.files and not is_package:
            return None
        origin = _place(self.package, self.files.get(module, module))
        return ModuleSpec(fullname, self.loader, origin=origin, is_package=is_package)

    def is_package(self, module: str) -> bool:
        """Whether a module, by its dotted name in the unit, has modules below it."""
        below = f"{module}." if module else ""
        is_init = self.files.get(module, "").endswith("/__init__.py")
        return is_init or any(name.startswith(below) for name in self.files)


class _UnitLoader(InspectLoader):
    """Executes modules of a unit."""

    def __init__(self, finder: _UnitFinder, files: Mapping[str, bytes], root: Path | None) -> None:
        self._finder, self._files, self._root = finder, files, root
        self._builtins = {**vars(builtins), "__import__": self._import}
        self._tops = {name.partition(".")[0] for name in finder.files} - RESERVED

    def is_package(self, fullname: str) -> bool:
        """Whether a module has modules below it."""
        return self._finder.is_package(fullname[len(self._finder.package) + 1 :])

    def get_source(self, fullname: str) -> str:
        """The text of a module; empty of a folder without `__init__.py`."""
        file = self._finder.files.get(fullname[len(self._finder.package) + 1 :], "")
        return self._files[file].decode("utf-8-sig") if file else ""

    def get_code(self, fullname: str) -> CodeType:
        """The module compiled from the unit's bytes; bytecode is neither read nor written."""
        module = fullname[len(self._finder.package) + 1 :]
        file = self._finder.files.get(module, "")
        place = _place(self._finder.package, file or module)
        return compile(self._files.get(file, b""), place, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        """Run a module, its absolute imports being those of the unit first."""
        code = self.get_code(module.__name__)
        vars(module)["__builtins__"] = self._builtins
        exec(code, vars(module))

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002  # the names of `__import__`
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """`__import__` as modules of the unit see it."""
        plain, top = builtins.__import__, name.partition(".")[0]
        if level or top not in self._tops:
            if not level:
                self._refuse_unhashed(top)
            return plain(name, globals, locals, fromlist or (), level)
        package = self._finder.package
        module = plain(f"{package}.{name}", globals, locals, fromlist or (), 0)
        return module if fromlist else sys.modules[f"{package}.{top}"]

    def _refuse_unhashed(self, top: str) -> None:
        """Refuse a module that lies beside the unit, or in the current folder."""
        barred = {Path.cwd().resolve(), *([self._root.resolve()] if self._root else [])}
        if top != "kgtransfer" and (place := _folder_of(top)) in barred:
            raise ImportError(
                f"{top} lies in {place} but is no part of the code that was hashed; "
                "import it by name, or install it"
            )


def _folder_of(top: str) -> Path | None:
    """The folder that a top-level module is, or would be, imported from."""
    try:
        spec = importlib.util.find_spec(top)
    except ValueError:  # such as `__main__`
        return None
    if spec is None or not (spec.has_location or spec.submodule_search_locations):
        return None
    inside = [*(spec.submodule_search_locations or ())] or [spec.origin or ""]
    return Path(inside[0]).resolve().parent
