"""Code of an installed distribution, by its entry point: name, version, and its RECORD."""

from __future__ import annotations

import base64
import hashlib
import importlib
import importlib.util
import site
import sysconfig
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import Distribution, EntryPoint, PackagePath, distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import CodeError
from kgtransfer.trust.importing import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["InstalledCode", "site_folders"]

_FORMAT = "kgtransfer installed code 1"
_IMPORTABLE = (".py", ".pyc", ".so", ".pyd")


@dataclass(frozen=True)
class InstalledCode:
    """An object that an installed distribution offers by an entry point.

    Attributes:
        group, name: of the entry point.
        value: `module:attribute`.
        distribution, version: whose it is.
        record: SHA-256 of the distribution's RECORD, which holds the digest of every file.
        files: the distribution's importable files, as they lie on disk, resolved.
    """

    group: str
    name: str
    value: str
    distribution: str
    version: str
    record: str
    files: frozenset[Path]

    @property
    def label(self) -> str:
        """`GROUP:NAME`, as `kgtransfer trust` takes it."""
        return f"{self.group}:{self.name}"

    @cached_property
    def hash(self) -> str:
        """SHA-256 over entry point, distribution, version and RECORD, 64 hex digits."""
        parts = [_FORMAT, self.group, self.name, self.value]
        parts += [self.distribution, self.version, self.record]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @classmethod
    def read(cls, group: str, name: str, folders: Sequence[str] | None = None) -> InstalledCode:
        """Find an entry point, and check the files of its distribution against its RECORD.

        Args:
            group: such as `kgtransfer.measures`.
            name: of the entry point.
            folders: where distributions are installed; by default those of this Python, so that
                no metadata in the current folder counts.

        Raises:
            CodeError: no distribution, or more than one, offers it; or its files are not those of
                its RECORD, as of an editable install.
        """
        places = list(folders or site_folders())
        offers = [
            (dist, point)
            for dist in distributions(path=places)
            for point in dist.entry_points.select(group=group, name=name)
        ]
        if len(offers) != 1:
            names = ", ".join(sorted(dist.name for dist, _ in offers))
            what = f"more than one package offers it: {names}" if offers else "nothing offers it"
            raise CodeError(f"{group}:{name}: {what}", cure="see pip list, then check the name")
        (dist, point) = offers[0]
        return cls(
            group, name, point.value, dist.name, dist.version,
            hashlib.sha256((dist.read_text("RECORD") or "").encode()).hexdigest(),
            _verified(dist, point),
        )  # fmt: skip

    def load(self) -> Any:
        """Import it as Python imports what is installed.

        Raises:
            CodeError: it would be imported from elsewhere, fails, or lacks the attribute.
        """
        module, _, attribute = self.value.partition(":")
        try:
            spec = importlib.util.find_spec(module.partition(".")[0])
            if spec is None or Path(spec.origin or "").resolve() not in self.files:
                raise CodeError(
                    f"{module} would be imported from {spec and spec.origin}, not from "
                    f"{self.distribution}",
                    cure="take what hides it out of PYTHONPATH and of the current folder",
                )
            return value_of(importlib.import_module(module), attribute, self.label)
        except ImportError as error:
            raise CodeError(
                f"{self.label}: {error}", cure=f"install {self.distribution}"
            ) from error


def site_folders() -> list[str]:
    """Where this Python's packages are installed."""
    paths = [*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    if site.ENABLE_USER_SITE:
        paths.append(site.getusersitepackages())
    return list(dict.fromkeys(paths))


def _verified(dist: Distribution, point: EntryPoint) -> frozenset[Path]:
    """The importable files of a distribution, each with the digest that RECORD has."""
    listed = set()
    for file in dist.files or []:
        if file.suffix not in _IMPORTABLE or "__pycache__" in file.parts:
            continue
        if file.hash is None or file.hash.mode != "sha256":
            raise _refusal(dist, f"RECORD has no SHA-256 of {file}")
        if _digest(file) != file.hash.value:
            raise _refusal(dist, f"{file} is not the file of RECORD")
        listed.add(Path(str(file.locate())).resolve())
    home = Path(str(dist.locate_file(point.module.partition(".")[0])))
    if not {home.resolve() / "__init__.py", home.resolve().with_suffix(".py")} & listed:
        raise _refusal(dist, f"{point.module} is not in RECORD, as of an editable install")
    for path in home.rglob("*") if home.is_dir() else ():
        is_code = path.suffix in _IMPORTABLE and "__pycache__" not in path.parts
        if is_code and path.resolve() not in listed:
            raise _refusal(dist, f"{path} is not in RECORD")
    return frozenset(listed)


def _digest(file: PackagePath) -> str:
    try:
        content = Path(str(file.locate())).read_bytes()
    except OSError:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _refusal(dist: Distribution, what: str) -> CodeError:
    return CodeError(f"{dist.name} {dist.version}: {what}", cure="install it again, not editable")
