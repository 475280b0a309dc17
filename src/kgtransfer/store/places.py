"""Where an embedded store is: the file that a user means, looked at before anything is made."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.errors import StoreError

__all__ = ["DEFAULT", "database_file", "existing"]

DEFAULT = Path(".kgtransfer") / "store.kglite"
_MAGIC = b"RGF"  # what a database file begins with


def database_file(where: str | Path) -> Path:
    """The database file at a path, which need not be there yet.

    Raises:
        StoreError: no path at all, a folder with no store in it, or a file that is something
            else.
    """
    if not str(where).strip():
        raise StoreError("no store was named", cure=f"give a file, such as {DEFAULT}")
    path = Path(where).expanduser()
    if path.is_dir():
        path = path / DEFAULT.name
        if not path.is_file():
            raise StoreError(
                f"{where}: a folder that holds no store",
                cure=f"name the file of one, such as {path}",
            )
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise StoreError(f"{where}: is no store", cure="name the file of a store")
    return path


def existing(where: str) -> str:
    """A store as the user named it, if it is there: a question must not make an empty one.

    Raises:
        StoreError: it is not there, and what `database_file` raises.
    """
    if "://" in where or database_file(where).is_file():
        return where
    raise StoreError(
        f"{where}: there is no store", cure=f"make it: kgtransfer sync ONTOLOGY --store {where}"
    )
