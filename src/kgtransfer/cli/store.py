"""Verbs about graph stores: sync, query."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Base, Json, print_json
from kgtransfer.utils.terminal import complain, emit, show, tell

verbs = typer.Typer()

Store = Annotated[
    str, typer.Option(help="File of a store, or the address of a server: neo4j://, bolt://.")
]
STORE = ".kgtransfer/store.kglite"
LONGEST = 86_400  # seconds for a query


def _seconds(value: float) -> float:
    if not 0 < value <= LONGEST:  # nan is neither
        raise typer.BadParameter(f"give seconds, at the most {LONGEST:,}")
    return value


@verbs.command(epilog="Example: `kgtransfer sync ontology/api.ttl --store my.kglite`")
def sync(
    paths: Annotated[list[Path], typer.Argument(help="Ontology files or folders.")],
    store: Store = STORE,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare with all that the store holds; repair it.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")
    ] = False,
    base: Base = "",
    as_json: Json = False,
) -> None:
    """Bring a graph store up to date with ontologies; only what changed is written.

    The store holds these ontologies afterwards, and no others: what an earlier sync wrote and
    they do not say is removed.

    Who signs in at a server, and to which database, is read from NEO4J_USERNAME, NEO4J_PASSWORD
    and NEO4J_DATABASE.
    """
    from dataclasses import asdict

    from kgtransfer.knowledge.io.ontology import read_ontology
    from kgtransfer.store import connect
    from kgtransfer.store.embedded.path import existing

    graph = read_ontology(*paths, base=base)
    with connect(existing(store) if dry_run else store) as opened:
        report = opened.sync(graph, verify=verify, dry_run=dry_run)
    if as_json:
        print_json(asdict(report))
        return
    done = "would be brought up to date" if dry_run else "brought up to date"
    tell(f"{store}: {done if report.changed else 'nothing to do'}")
    tell(
        f"  nodes {report.nodes_added:>9,} added {report.nodes_removed:>9,} removed "
        f"{report.nodes_unchanged:>9,} as they were {report.nodes_changed:>9,} changed"
    )
    tell(
        f"  links {report.edges_added:>9,} added {report.edges_removed:>9,} removed "
        f"{report.edges_unchanged:>9,} as they were      ({report.seconds:.2f} s)"
    )


@verbs.command(epilog="Example: `kgtransfer query hubs --store my.kglite`")
def query(
    cypher: Annotated[str, typer.Argument(help="Cypher, a named query, or a .cypher file.")] = "",
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", help="name=value, repeatable; JSON where it can be."),
    ] = None,
    store: Store = STORE,
    write: Annotated[
        bool, typer.Option("--write/--read", help="Let the query change the store, or not.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the named queries.")] = False,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    timeout: Annotated[
        float, typer.Option(callback=_seconds, min=0.001, help="Seconds for the query.")
    ] = 30.0,
    max_rows: Annotated[
        int, typer.Option(min=1, max=100_000_000, help="More rows are an error.")
    ] = 100_000,
) -> None:
    """Ask a graph store in Cypher; queries that write are refused unless --write is given.

    Who signs in at a server, and to which database, is read from NEO4J_USERNAME, NEO4J_PASSWORD
    and NEO4J_DATABASE.
    """
    from kgtransfer.store import asking, rows
    from kgtransfer.store.queries import catalogue

    if as_json and as_csv:
        raise typer.BadParameter("give --json or --csv, not both")
    if list_:
        answers = catalogue()
    elif not cypher:
        raise typer.BadParameter("give Cypher, the name of a query, or --list")
    else:
        answers, notes = asking.ask(
            store, cypher, param or [], write=write, timeout=timeout, max_rows=max_rows
        )
        for note in notes:
            complain(f"note: {note}")
    if as_json:
        print_json(answers)
    elif as_csv:
        emit(rows.as_csv(answers))
    else:
        show(rows.as_table(answers), whole=True)
