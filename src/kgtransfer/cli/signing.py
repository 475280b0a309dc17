"""Verbs about who wrote a folder: sign, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, print_json
from kgtransfer.errors import ConfigError
from kgtransfer.utils.terminal import tell

verbs = typer.Typer()


@verbs.command(
    epilog="Examples: `kgtransfer sign --new-key ~/.config/kgtransfer/key` · "
    "`kgtransfer sign runs/wbc --key ~/.config/kgtransfer/key`"
)
def sign(
    run: Annotated[
        Path | None, typer.Argument(help="Folder of a run, or of `kgtransfer embed`.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Private Ed25519 key, PEM or OpenSSH."),
    ] = None,
    new_key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Make a key pair: FILE (private) and FILE.pub."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Sign a folder: SHA256SUMS of all its files, and SHA256SUMS.sig by your key."""
    from kgtransfer import signing

    if bool(new_key) == bool(run and key) or (new_key and (run or key)):
        raise ConfigError("nothing to sign with", cure="give RUN --key FILE, or --new-key FILE")
    if new_key:
        files = signing.new_key(new_key)
        values = {"private": str(files[0]), "public": str(files[1])}
        text = f"private key: {files[0]} (keep it)\npublic key:  {files[1]} (give it away)"
    elif run and key:
        values = {"folder": str(run), "key": signing.sign_folder(run, key)}
        text = f"signed: {run} by {values['key']}"
    print_json(values) if as_json else tell(text)


@verbs.command(epilog="Example: `kgtransfer verify runs/wbc --key friend.pub`")
def verify(
    run: Annotated[Path, typer.Argument(help="Folder of a run, or of `kgtransfer embed`.")],
    key: Annotated[
        Path, typer.Option(metavar="PUBKEY", help="Public Ed25519 key, PEM or OpenSSH.")
    ],
    as_json: Json = False,
) -> None:
    """Make sure that a folder is what a key signed: no file altered, missing or added."""
    from kgtransfer.signing import verify_folder

    by = verify_folder(run, key)
    print_json({"folder": str(run), "key": by}) if as_json else tell(f"verified: {run} by {by}")
