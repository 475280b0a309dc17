"""The verb that brings old runs up to date: migrate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, print_json
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.utils.files import shown
from kgtransfer.utils.terminal import show, tell

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer migrate runs/wbc`")
def migrate(
    run: Annotated[Path, typer.Argument(help="Folder of a run of protocol 1.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the new run.  [default: RUN-protocol2]")
    ] = None,
    in_place: Annotated[
        bool,
        typer.Option(help="Put the new run where the old one was, which becomes RUN-protocol1."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a run that an older kgtransfer made up to the form of this one; nothing is fitted.

    The new run is written beside the old one, which stays as it is, with --in-place under another
    name. A signature of the old run does not hold for the new one: sign it again.
    """
    from kgtransfer.runs import migration
    from kgtransfer.signing.manifest import SIGNATURE

    if in_place and out:
        raise ConfigError("--in-place goes without --out", cure="leave one of them out")
    run, kept = run.resolve(), run.resolve().with_name(f"{run.resolve().name}-protocol1")
    if in_place and kept.exists():
        raise RunError(f"{kept} is there already", cure="move it away, or leave --in-place out")
    target = out or run.with_name(f"{run.name}-protocol2")
    result = migration.migrate(run, target)
    if in_place:
        run.rename(kept)
        target = target.rename(run)
    was_signed = ((kept if in_place else run) / SIGNATURE).is_file()
    if as_json:
        print_json({"run": str(target), "was_signed": was_signed, **result.to_json()})
        return
    for settings in result.parts():
        show(result.rich_table(settings))
    tell(f"migrated: {shown(target)}; report: {shown(target / 'report.html')}")
    if in_place:
        tell(f"the old run: {shown(kept)}")
    if was_signed:
        tell("the signature of the old run does not hold for it: kgtransfer sign")
