"""The command line: verbs only; what they do is imported when they are called."""

from __future__ import annotations

from typing import Annotated

import typer

from kgtransfer import __version__
from kgtransfer.cli import (
    embedding,
    exporting,
    graphs,
    grounding,
    knowledge,
    migration,
    models,
    new,
    runs,
    serving,
    signing,
    store,
    suggest,
    trust,
)
from kgtransfer.cli.base import guarded
from kgtransfer.cli.pipeline import run_pipeline
from kgtransfer.utils.terminal import tell

__all__ = ["app", "main", "run_pipeline"]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Write what the experts know as an ontology; let it condition a pre-trained model, and "
    "see what it was worth.",
)

for _about in (
    new,
    knowledge,
    suggest,
    graphs,
    store,
    embedding,
    models,
    serving,
    runs,
    migration,
    exporting,
    grounding,
    trust,
    signing,
):  # the order of --help
    app.add_typer(_about.verbs)


def _print_version(wanted: bool) -> None:
    if wanted:
        tell(f"kgtransfer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point: whatever happens is one clear message and an exit status; see `guarded`."""
    guarded(app)
