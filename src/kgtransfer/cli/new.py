"""The verb that writes a start of one's own: new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, print_output
from kgtransfer.kinds import KINDS, measuring

verbs = typer.Typer()


@verbs.command(epilog='Example: `kgtransfer new images my_domain/ --name "My domain"`')
def new(
    kind: Annotated[str, typer.Argument(help=f"Kind of sample: {', '.join(KINDS)}.")],
    folder: Annotated[Path, typer.Argument(help="Folder for the start; no file is replaced.")],
    name: Annotated[
        str, typer.Option(help="Name of the domain, for people.  [default: the folder's]")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write a small, commented, working start: ontology, shapes, settings, a measure, README."""
    print_output(measuring(kind).new(folder, name), as_json)
