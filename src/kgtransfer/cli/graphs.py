"""Verbs that make an ontology of what a machine can read: graph code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, print_json
from kgtransfer.utils.terminal import counted, tell

verbs = typer.Typer()
graph = typer.Typer(
    no_args_is_help=True, help="Make a graph in Turtle of source code, to read and to write beside."
)
verbs.add_typer(graph, name="graph")


@graph.command(
    epilog="Examples: `kgtransfer graph code my/repository --out api.ttl` · "
    "`kgtransfer graph code src/main/java --language java --out api.ttl` · "
    "`kgtransfer graph code json --out json.ttl`, of an installed Python package"
)
def code(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Folders or files of source code, installed Python packages, or stdlib."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The Turtle file to write.")] = Path("api.ttl"),
    language: Annotated[
        list[str] | None,
        typer.Option(help="Language to read; repeatable.  [default: by the names of files]"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Source code as an API graph: modules, classes, functions, calls, types, what extends what.

    Nothing is imported or run. Files that cannot be read are named and passed over. Comments,
    synonyms and domain terms belong into a Turtle file of your own beside the graph, about its
    IRIs: name it in `ontology.files` of a run.
    """
    from kgtransfer.code.graphs.writing import write_code_graph

    written = write_code_graph(paths, out, language or ())
    if as_json:
        print_json(written.to_json())
        return
    tell(
        f"{out}: {written.triples:,} triples about {counted(written.functions, 'function')} in "
        f"{counted(written.modules, 'module')} of {', '.join(written.languages)}"
    )
