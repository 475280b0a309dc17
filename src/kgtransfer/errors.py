"""The errors a user can act on: what is wrong, where, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.redaction import redacted

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "CodeError",
    "ConfigError",
    "DataError",
    "KgTransferError",
    "OntologyError",
    "QueryRefused",
    "RunError",
    "SignatureError",
    "StoreError",
]


class KgTransferError(Exception):
    """Base of every error that is the input's fault, not the program's.

    Secrets within addresses that message or cure repeat are hidden.

    Args:
        message: what is wrong, in one sentence.
        cure: what the user can do about it, in one sentence.
    """

    def __init__(self, message: str, *, cure: str = "") -> None:
        self.message, self.cure = redacted(message), redacted(cure)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}\n  what to do: {self.cure}" if self.cure else self.message


class OntologyError(KgTransferError):
    """An ontology file that cannot be read, with the place in it.

    Args:
        message: what is wrong.
        file: the file that is wrong, as the user gave it.
        line: its line, counted from 1.
        column: its column, counted from 1.
        cure: what to write instead.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path = "",
        line: int | None = None,
        column: int | None = None,
        cure: str = "",
    ) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part not in ("", None))
        super().__init__(f"{place}: {message}" if place else message, cure=cure)
        self.file, self.line, self.column = str(file), line, column
        self.reason = redacted(message)  # without its place


class DataError(KgTransferError):
    """A data set that is missing or malformed."""


class StoreError(KgTransferError):
    """A graph store that cannot be reached or refuses its work."""


class QueryRefused(StoreError):
    """A Cypher query that the read gate does not let through."""


class ConfigError(KgTransferError):
    """Settings that are unknown, misspelt or out of range."""


class RunError(KgTransferError):
    """A saved run that is incomplete, tampered with or does not fit its graph."""


class CodeError(KgTransferError):
    """Code named by a user or a run that is not trusted, or cannot be read or run as a whole."""


class SignatureError(RunError):
    """A folder whose signature is missing, or not of these files by this key."""
