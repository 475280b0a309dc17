"""The verb that shows what a sample is grounded on: ground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, print_output
from kgtransfer.kinds import KINDS, kind_named

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer ground cell.jpg --ontology ontology/wbc.ttl`")
def ground(
    sample: Annotated[Path, typer.Argument(help="A sample, such as an image.")],
    ontology: Annotated[
        list[Path], typer.Option(help="Ontology files; repeatable. Its measures say what is shown.")
    ],
    like: Annotated[
        Path | None,
        typer.Option(help="Folder of samples from the same source: tells what is usual there."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The picture to write.  [default: SAMPLE.grounded.png]")
    ] = None,
    measures: Annotated[
        str, typer.Option(metavar="FILE", help="Measures of your own, such as my_measures.py.")
    ] = "",
    source: Annotated[
        list[str] | None,
        typer.Option(
            help="Source of grounding; repeatable: measures, synsets.  [default: measures]"
        ),
    ] = None,
    kind: Annotated[str, typer.Option(help="Kind of sample.")] = next(iter(KINDS)),
    as_json: Json = False,
) -> None:
    """Show which concepts a sample shows: a picture with what was found, measures and weights."""
    grounded = kind_named(kind).ground(
        sample, ontology, like=like, out=out, measures=measures, sources=source or ()
    )
    print_output(grounded, as_json)
