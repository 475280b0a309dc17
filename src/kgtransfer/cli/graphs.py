"""Verbs that make an ontology of what a machine can read: graph code, graph sql, graph bash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgtransfer.cli.base import Json, print_json
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.terminal import counted, tell

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

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


@graph.command(
    epilog="Examples: `kgtransfer graph sql schema.sql --out schema.ttl` · "
    "`kgtransfer graph sql spider_schemas.jsonl.gz --out schemas.ttl`"
)
def sql(
    path: Annotated[
        Path, typer.Argument(help="CREATE TABLE statements, or JSON lines as Spider writes them.")
    ],
    out: Annotated[Path, typer.Option(help="The Turtle file to write.")] = Path("schema.ttl"),
    as_json: Json = False,
) -> None:
    """Schemas of databases as a graph: tables, columns, types and keys, and words for their names.

    Put words of your own in the place of names taken apart, and name the file in `data.graph` of a
    run over SQL queries.
    """
    from kgtransfer.code.graphs.schemas import read_schemas
    from kgtransfer.code.graphs.sql import build_sql_graph
    from kgtransfer.code.graphs.writing import require_turtle

    require_turtle(out)
    schemas = read_schemas(path)
    tables = sum(len(schema.tables) for schema in schemas)
    _write(build_sql_graph(schemas), out, {"database": len(schemas), "table": tables}, as_json)


@graph.command(
    epilog="Examples: `kgtransfer graph bash tldr/pages/common --out commands.ttl` · "
    "`kgtransfer graph bash tldr_commands.jsonl.gz --out commands.ttl`"
)
def bash(
    path: Annotated[
        Path, typer.Argument(help="Folder of tldr pages (tldr-pages/tldr), or JSON lines of them.")
    ],
    out: Annotated[Path, typer.Option(help="The Turtle file to write.")] = Path("commands.ttl"),
    as_json: Json = False,
) -> None:
    """Pages about shell commands as a graph: what they are for, their flags, examples of them.

    Name the file in `data.graph` of a run over command lines.
    """
    from kgtransfer.code.graphs.bash import build_bash_graph
    from kgtransfer.code.graphs.tldr import read_pages
    from kgtransfer.code.graphs.writing import require_turtle

    require_turtle(out)
    pages = read_pages(path)
    examples = sum(len(page.examples) for page in pages)
    counts = {"command": len(pages), "example": examples}
    _write(build_bash_graph(pages, ()), out, counts, as_json)


def _write(made: KnowledgeGraph, out: Path, counts: dict[str, int], as_json: bool) -> None:
    write_atomically(out, made.to_turtle().encode())
    if as_json:
        print_json({"path": str(out), "triples": len(made), **counts})
        return
    about = " and ".join(counted(number, name) for name, number in counts.items())
    tell(f"{out}: {len(made):,} triples about {about}")
