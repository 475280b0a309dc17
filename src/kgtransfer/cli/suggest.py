"""The verb that shows how measures are distributed before thresholds are written: suggest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, print_output
from kgtransfer.kinds import KINDS, measuring

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer suggest my_domain.ttl my/images --out runs/suggest`")
def suggest(
    ontology: Annotated[
        Path, typer.Argument(help="Ontology file; its concepts need no thresholds yet.")
    ],
    data: Annotated[
        str, typer.Argument(help="Folder of images, or a data set; no label is looked at.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the plots.")] = Path("runs/suggest"),
    measures: Annotated[
        str, typer.Option(metavar="FILE", help="Measures of your own, such as my_measures.py.")
    ] = "",
    every: Annotated[
        bool, typer.Option("--all", help="With the measures that the ontology does not use.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=10, max=1_000_000, help="How many images are measured at most.")
    ] = 1_000,
    kind: Annotated[str, typer.Option(help="Kind of sample.")] = next(iter(KINDS)),
    as_json: Json = False,
) -> None:
    """Show, without labels, where measures divide: thresholds to paste, plots, what is missing."""
    suggested = measuring(kind).suggest(
        [ontology], data, out=out, measures=measures, every=every, limit=limit
    )
    print_output(suggested, as_json)
