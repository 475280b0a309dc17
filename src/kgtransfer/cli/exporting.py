"""The verb export: a fitted model, an ontology or a store in a form that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, VerifyWith, print_output, verified
from kgtransfer.utils.terminal import deliver, tell

verbs = typer.Typer()


@verbs.command(
    epilog="Examples: `kgtransfer export runs/wbc --to hub --to onnx --out wbc-model` · "
    "`kgtransfer export ontology/wbc.ttl --format jsonld`"
)
def export(
    source: Annotated[
        str,
        typer.Argument(
            help="Folder of a run; an ontology, file or folder; a store's file or address."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="New folder for a model; file of an ontology, else it is printed."),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="Of a model: hub, onnx or torch of images; hub of code search; word2vec or "
            "parquet of links; repeatable.  [default: the first]"
        ),
    ] = None,
    labels: Annotated[
        int | None,
        typer.Option(min=0, help="Labels per class that the model learned from."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Of the model.")] = 0,
    syntax: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Of an ontology, also a run's: turtle, ntriples, rdfxml, jsonld or obo.  "
            "[default: turtle]",
        ),
    ] = None,
    verify_with: VerifyWith = None,
    as_json: Json = False,
) -> None:
    """Write a fitted model, or what an ontology or a store says, as other programs read it."""
    if (Path(source) / "result.json").is_file() and not syntax:
        _export_model(Path(source), out, to or (), labels, seed, verify_with, as_json)
    elif to or labels is not None:
        raise typer.BadParameter(f"{source} is no run: --to and --labels are about a fitted model")
    else:
        _export_graph(source, syntax or "turtle", out)


def _export_model(
    run: Path,
    out: Path | None,
    forms: list[str] | tuple[()],
    labels: int | None,
    seed: int,
    verify_with: Path | None,
    as_json: bool,
) -> None:
    from kgtransfer.kinds import kind_of

    if out is None:
        raise typer.BadParameter("a model leaves into a new folder: name one with --out")
    verified(run, verify_with)
    print_output(kind_of(run).export(run, out, forms, labels=labels, seed=seed), as_json)


def _export_graph(source: str, syntax: str, out: Path | None) -> None:
    """What the format cannot say is refused."""
    from kgtransfer.knowledge.io.serialise import SYNTAXES, serialised
    from kgtransfer.store.exporting import graph_of
    from kgtransfer.utils.files import write_atomically

    if syntax not in SYNTAXES:
        raise typer.BadParameter(f"--format is one of {', '.join(SYNTAXES)}")
    data = serialised(graph_of(source), syntax)
    if out is None:
        deliver(data)
    else:
        write_atomically(out, data)
        tell(f"{out}: {len(data):,} bytes")
