"""Where an embedded store is: the file that a user means, looked at before anything is made."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

from kgtransfer.errors import StoreError
from kgtransfer.redaction import holds_secret

__all__ = ["DEFAULT", "SCHEMES", "address", "database_file", "existing"]

DEFAULT = Path(".kgtransfer") / "store.kglite"
SCHEMES = frozenset(
    f"{protocol}{security}" for protocol in ("neo4j", "bolt") for security in ("", "+s", "+ssc")
)
_MAGIC = b"RGF"  # what a database file begins with
_LIKE_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]*:/|(?:neo4j|bolt)(?:\+s|\+ssc)?:")
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://"
    r"(?:[\w.-]+|\[(?P<v6>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?/?"
)
_SIGNED_IN = re.compile(r"[^/\s]*:.*@")  # without a scheme
_SIGN_IN = (
    "write neo4j://HOST:PORT; who signs in, and to which database, is said by NEO4J_USERNAME, "
)
_SIGN_IN += "NEO4J_PASSWORD and NEO4J_DATABASE"


def address(where: str | Path) -> str | None:
    """The address of a server, if `where` is one: whatever starts as addresses do.

    It has no part that could be secret, so that every message may repeat it.

    Raises:
        StoreError: an address of another kind of server, one that is malformed, or one with a user
            name, a password, a query, a fragment or a path. The message repeats none of it.
    """
    text = str(where)
    if not _LIKE_ADDRESS.match(text):
        return None
    scheme = text.partition(":")[0].lower()
    if scheme not in SCHEMES:
        addresses = ", ".join(sorted(f"{scheme}://" for scheme in SCHEMES))
        raise StoreError(f"{scheme}:// is no address of a graph store", cure=f"use {addresses}")
    if any(mark in text for mark in "@?#"):
        raise StoreError(
            "an address with a user name, a password, a query or a fragment in it", cure=_SIGN_IN
        )
    match = _ADDRESS.fullmatch(text)
    if not match or not _is_v6(match["v6"]) or int(match["port"] or 1) not in range(1, 65_536):
        raise StoreError("a malformed address of a graph store", cure=_SIGN_IN)
    return text


def _is_v6(host: str | None) -> bool:
    try:
        return host is None or bool(ipaddress.IPv6Address(host))
    except ValueError:
        return False


def database_file(where: str | Path) -> Path:
    """The database file at a path, which need not be there yet.

    Raises:
        StoreError: no path at all, a folder with no store in it, or a file that is something
            else.
    """
    if not str(where).strip():
        raise StoreError("no store was named", cure=f"give a file, such as {DEFAULT}")
    path = _path(where)
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
    elif path.exists():
        raise StoreError(f"{where}: is no file", cure="name the file of a store")
    return path


def _path(where: str | Path) -> Path:
    text = str(where)
    if holds_secret(text) or _SIGNED_IN.match(text):
        raise StoreError("a path that looks like an address with a password", cure=_SIGN_IN)
    if "\0" in text:
        raise StoreError("a path with a NUL character", cure=f"give a file, such as {DEFAULT}")
    try:
        path = Path(where).expanduser()
        path.exists()
    except (OSError, RuntimeError) as error:  # too long, or a home that nobody has
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"{where}: {reason}", cure=f"give a file, such as {DEFAULT}") from error
    return path


def existing(where: str) -> str:
    """A store as the user named it, if it is there: a question must not make an empty one.

    Raises:
        StoreError: it is not there, and what `database_file` raises.
    """
    if address(where) or database_file(where).is_file():
        return where
    raise StoreError(
        f"{where}: there is no store", cure=f"make it: kgtransfer sync ONTOLOGY --store {where}"
    )
