"""What all verbs share: how errors are told, options, and how results are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from kgtransfer.errors import KgTransferError
from kgtransfer.terminal import printable, show_what_can_be_shown

if TYPE_CHECKING:
    from kgtransfer.results import RunResult

__all__ = ["Json", "Set", "VerifyWith", "finish", "guarded", "print_json", "verified"]

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="section.key=value, repeatable.")]
VerifyWith = Annotated[
    Path | None,
    typer.Option(metavar="PUBKEY", help="Refuse what this key has not signed: see `verify`."),
]


def guarded(command: Callable[[], object]) -> None:
    """Run a command; errors of the input are one clear message and exit status 2."""
    show_what_can_be_shown()
    try:
        command()
    except (KgTransferError, OSError) as error:  # OSError: a full disk, a read-only folder
        print(f"error: {printable(error)}", file=sys.stderr)
        sys.exit(2)


def verified(folder: Path, key: Path | None) -> None:
    """Make sure, where a public key is given, that it signed the folder; before it is loaded.

    Raises:
        SignatureError: it did not, or the folder is not what it signed.
    """
    if key:
        from kgtransfer.signing import verify_folder

        verify_folder(folder, key)


def finish(result: RunResult, out: Path, as_json: bool) -> None:
    """Say what a run found and where its report lies."""
    if as_json:
        print_json(result.to_json())
        return
    console = Console()
    console.print(result.table())
    for setting in result.settings.values():
        for comparison in setting.comparisons:
            print(f"{setting.name:>7}  {comparison}")
    print(f"report: {out / 'report.html'}")


def print_json(value: Any) -> None:
    """Print a value as JSON, in ASCII where the output is no UTF-8."""
    ascii_only = sys.stdout.encoding.lower() not in ("utf-8", "utf8")
    print(json.dumps(value, indent=1, ensure_ascii=ascii_only, default=str))
