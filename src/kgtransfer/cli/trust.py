"""The verb that says which code may run: trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kgtransfer.cli.base import Json, print_json
from kgtransfer.errors import ConfigError
from kgtransfer.utils.terminal import counted, show, table, tell

if TYPE_CHECKING:
    from kgtransfer.trust import CodeUnit, InstalledCode, TrustStore

verbs = typer.Typer()


@verbs.command(
    epilog="Examples: `kgtransfer trust runs/xray/code/measures` · "
    "`kgtransfer trust kgtransfer.measures:xray` · `kgtransfer trust --list`"
)
def trust(
    unit: Annotated[
        str | None,
        typer.Argument(
            help="A Python file, the folder of a package or of saved code, or "
            "GROUP:NAME of an installed entry point."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Show what it is, and trust nothing.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what is trusted.")] = False,
    revoke: Annotated[
        str, typer.Option(metavar="HASH", help="Trust it no longer; 8 digits or more of the hash.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Let code run that is not yours: exactly these bytes, whoever names them."""
    from kgtransfer.trust import TrustStore
    from kgtransfer.trust.naming import named_code

    if sum((unit is not None, listed, bool(revoke))) != 1:
        raise ConfigError("one thing at a time", cure="give UNIT, --list or --revoke HASH")
    store = TrustStore()
    if listed:
        _list(store, as_json)
        return
    if unit is None:
        entry = store.revoke(revoke)
        print_json(vars(entry)) if as_json else tell(f"trusted no longer: {entry.label}")
        return
    code, _ = named_code(unit)
    if not dry_run:
        store.add(code)
    if as_json:
        print_json({**_described(code), "trusted": not dry_run})
        return
    for name, value in _described(code).items():
        tell(f"{name:12} {value}")
    if not dry_run:
        tell(f"trusted: exactly this may run; to undo: kgtransfer trust --revoke {code.hash[:12]}")


def _described(code: CodeUnit | InstalledCode) -> dict[str, Any]:
    """What a user looks at before trusting: what it is, its hash, where it is from, its files."""
    from kgtransfer.trust import InstalledCode

    about: dict[str, Any] = {"code": code.label, "sha256": code.hash}
    if isinstance(code, InstalledCode):
        from_ = f"{code.distribution} {code.version}, {counted(len(code.files), 'file')}"
        return {**about, "from": from_, "object": code.value}
    for name, content in code.files.items():
        about[name] = counted(len(content), "byte")
    return about


def _list(store: TrustStore, as_json: bool) -> None:
    entries = store.entries()
    if as_json:
        print_json([vars(entry) for entry in entries])
        return
    rows = ((entry.hash[:12], entry.date, entry.label) for entry in entries)
    show(table(("sha256", "since", "what it was"), rows), whole=True)
