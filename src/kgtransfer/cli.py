"""The command line: verbs only; what they do is imported when they are called."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kgtransfer import __version__
from kgtransfer.errors import ConfigError, KgTransferError
from kgtransfer.terminal import counted, printable, show_what_can_be_shown

if TYPE_CHECKING:
    from pydantic import BaseModel

    from kgtransfer.embedding.export import Export
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.results import RunResult

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Write what the experts know as an ontology; get a better fine-tuned model, and proof "
    "that the knowledge did it.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Store = Annotated[
    str, typer.Option(help="File of a store, or the address of a server: neo4j://, bolt://.")
]
Set = Annotated[list[str] | None, typer.Option("--set", help="section.key=value, repeatable.")]
WIDE = 100_000
STORE = ".kgtransfer/store.kglite"


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"kgtransfer {__version__}")
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
    """Entry point: errors of the input are one clear message and exit status 2."""
    _guarded(lambda: app(standalone_mode=True))


def _guarded(command: Callable[[], object]) -> None:
    show_what_can_be_shown()
    try:
        command()
    except (KgTransferError, OSError) as error:  # OSError: a full disk, a read-only folder
        print(f"error: {printable(error)}", file=sys.stderr)
        sys.exit(2)


@app.command(epilog="Example: `kgtransfer check ontology/`")
def check(
    paths: Annotated[list[Path], typer.Argument(help="Ontology files or folders.")],
    shapes: Annotated[
        Path | None, typer.Option(help="SHACL shapes; a `shapes` folder beside the ontology.")
    ] = None,
    strict: Annotated[bool, typer.Option(help="Exit status 1 on warnings too.")] = False,
    as_json: Json = False,
) -> None:
    """Check ontologies: syntax, SHACL shapes, axioms, modelling. Exit status 1 on violations."""
    from dataclasses import asdict

    from kgtransfer.knowledge.validate import check as find

    findings = find(paths, shapes)
    found = Counter(finding.severity for finding in findings)
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        print(*map(printable, findings), sep="\n", end="\n" if findings else "")
        print(", ".join(counted(found[kind], kind) for kind in ("violation", "warning", "hint")))
    raise typer.Exit(1 if found["violation"] or (strict and found["warning"]) else 0)


@app.command("diff", epilog="Example: `kgtransfer diff HEAD~1:ontology/ ontology/`")
def diff_(
    old: Annotated[str, typer.Argument(help="File, folder, archive, run or REVISION:path.")],
    new: Annotated[str, typer.Argument(help="The same.")],
    as_json: Json = False,
) -> None:
    """Say which concepts two ontologies describe differently, and how."""
    from kgtransfer.knowledge.diff import diff

    found = diff(old, new)
    if as_json:
        _print_json(found.to_json())
    else:
        print(printable(found))


@app.command(epilog="Example: `kgtransfer sync ontology/api.ttl --store my.kglite`")
def sync(
    paths: Annotated[list[Path], typer.Argument(help="Ontology files or folders.")],
    store: Store = STORE,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare with all that the store holds; repair it.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a graph store up to date with ontologies; only what changed is written.

    The store holds these ontologies afterwards, and no others: what an earlier sync wrote and
    they do not say is removed.

    Who signs in at a server, and to which database, is read from NEO4J_USERNAME, NEO4J_PASSWORD
    and NEO4J_DATABASE.
    """
    from dataclasses import asdict

    from kgtransfer.knowledge.ontology import read_ontology
    from kgtransfer.store import connect
    from kgtransfer.store.places import existing

    graph = read_ontology(*paths)
    with connect(existing(store) if dry_run else store) as opened:
        report = opened.sync(graph, verify=verify, dry_run=dry_run)
    if as_json:
        _print_json(asdict(report))
        return
    done = "would be brought up to date" if dry_run else "brought up to date"
    print(f"{store}: {done if report.changed else 'nothing to do'}")
    print(
        f"  nodes {report.nodes_added:>9,} added {report.nodes_removed:>9,} removed "
        f"{report.nodes_unchanged:>9,} as they were {report.nodes_changed:>9,} changed"
    )
    print(
        f"  links {report.edges_added:>9,} added {report.edges_removed:>9,} removed "
        f"{report.edges_unchanged:>9,} as they were      ({report.seconds:.2f} s)"
    )


@app.command(epilog="Example: `kgtransfer query hubs --store my.kglite`")
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
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds for the query.")] = 30.0,
    max_rows: Annotated[int, typer.Option(min=1, help="More rows are an error.")] = 100_000,
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
        found = catalogue()
    elif not cypher:
        raise typer.BadParameter("give Cypher, the name of a query, or --list")
    else:
        found, unknown = asking.ask(
            store, cypher, param or [], write=write, timeout=timeout, max_rows=max_rows
        )
        for iri in unknown:
            print(f"note: the store knows no {iri}", file=sys.stderr)
    if as_json:
        print(rows.as_json(found))
    elif as_csv:
        print(rows.as_csv(found), end="")
    else:
        # A table that is piped is as wide as it needs: nobody can use half an IRI.
        width = None if sys.stdout.isatty() else WIDE
        Console(width=width).print(rows.as_table(found))


@app.command(
    epilog="Examples: `kgtransfer embed ontology/api.ttl --out runs/api` · "
    "`kgtransfer embed fb15k237/ --model complex --dim 256 --out runs/fb` · "
    "`kgtransfer embed ontology/api.ttl --from runs/api --out runs/api2` after an edit"
)
def embed(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Ontology files or folders, or one folder with train.tsv(.gz)."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for vectors, model and result.json.")],
    model: Annotated[str, typer.Option(help="Score function, or `none` for text alone.")] = (
        "complex"
    ),
    text: Annotated[
        str | None,
        typer.Option(help="Text encoder, or `none`.  [default: minilm of an ontology, else none]"),
    ] = None,
    dim: Annotated[int, typer.Option(min=1, help="Factors of a vector.")] = 128,
    epochs: Annotated[int | None, typer.Option(min=1, help="The most passes.")] = None,
    described: Annotated[
        bool, typer.Option(help="An ontology's structure learns from text and numbers too.")
    ] = False,
    old: Annotated[
        Path | None, typer.Option("--from", help="Folder of an embedding to bring up to date.")
    ] = None,
    export: Annotated[
        list[str] | None, typer.Option(help="word2vec or parquet: a further file; repeatable.")
    ] = None,
    seed: int = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    as_json: Json = False,
) -> None:
    """Embed concepts from their links and their text; says how well held-out links are found."""
    from kgtransfer.backbones.precision import pick_device
    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.embedding import FittedModel
    from kgtransfer.embedding.export import exports
    from kgtransfer.embedding.folders import is_triples_folder
    from kgtransfer.files import json_bytes, write_atomically
    from kgtransfer.knowledge.ontology import read_ontology
    from kgtransfer.progress import bar
    from kgtransfer.runs import environment
    from kgtransfer.tasks.links import embed_folder, embed_ontology

    writers = exports(export or [])
    triples = is_triples_folder(paths[0])
    if triples and len(paths) > 1:
        raise ConfigError("several folders of triples", cure="embed one at a time")
    name = text or ("none" if triples else "minilm")
    encoder = None if name == "none" else TextEncoder.from_pretrained(name)
    device = pick_device(device)
    given: dict[str, Any] = {"dim": dim, "epochs": epochs, "text": encoder, "seed": seed}
    given |= {"device": device, "old": FittedModel.load(old) if old else None}
    with bar("embedding") as advance:
        given["progress"] = lambda news, done: advance(0, what=f"embedding: {news}")
        if triples:
            result = embed_folder(paths[0], out, model=model, **given)
        else:
            kind = None if model == "none" else model
            graph = read_ontology(*paths)
            result = embed_ontology(graph, out, model=kind, described=described, **given)
    result |= {"environment": environment(device)}
    write_atomically(out / "result.json", json_bytes(result))
    _show_embedding(out, paths[0] if triples else graph, writers)
    if as_json:
        _print_json({"out": str(out), **result})
    else:
        _print_embedding(result, out)


def _show_embedding(out: Path, source: Path | KnowledgeGraph, writers: Iterable[Export]) -> None:
    """Draw the vectors of a folder and write them in other formats, into the same folder."""
    from kgtransfer.embedding import ConceptEmbeddings
    from kgtransfer.embedding.folders import read_labels
    from kgtransfer.report.concept_map import concept_map, graph_map, write_png

    concepts = ConceptEmbeddings.load(out)
    if isinstance(source, Path):
        labels = read_labels(source)
        shown = concept_map(concepts, labels)
    else:
        labels = {iri: source.label(iri) for iri in concepts.iris}
        shown = graph_map(concepts, source)
    for write in writers:
        write(concepts, out, labels)
    if shown:
        write_png(shown, out / "concepts.png")


def _print_embedding(result: dict[str, Any], out: Path) -> None:
    splits = {name: result[name] for name in ("valid", "test") if result[name]}
    if splits:
        table = Table("filtered", *next(iter(splits.values())), box=None)
        for name, metrics in splits.items():
            table.add_row(name, *(f"{value:.3f}" for value in metrics.values()))
        Console().print(table)
    if "update" in result:
        counts, facts = result["update"]["counts"], result["update"]["old_facts"]
        for kind, of in counts.items():
            print(f"{kind}: {of['kept']:,} kept, {of['new']:,} new, {of['gone']:,} gone")
        print(f"MRR of what stays: {facts['before']:.3f} before, {facts['after']:.3f} after")
    print(f"{result['entities']:,} concepts -> {out}  ({result['cpu_seconds']:.1f} CPU-s)")


@app.command(epilog="Example: `kgtransfer train pipelines/code_search.toml --out runs/demo`")
def train(
    config: Annotated[Path, typer.Argument(help="TOML beside its pipeline script.")],
    out: Annotated[Path, typer.Option(help="Folder of the run.")],
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Run a pipeline: every arm and seed, comparisons, report."""
    from kgtransfer.config import read_config

    script = _script(config)
    settings = read_config(config, script["Config"], set_ or [])
    _finish(script["run"](settings, out), out, as_json)


@app.command(epilog='Example: `kgtransfer predict runs/demo "read a csv file row by row"`')
def predict(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    text: Annotated[str, typer.Argument(help="What you are looking for, in words.")],
    k: Annotated[int, typer.Option("-k", help="How many answers.")] = 5,
    as_json: Json = False,
) -> None:
    """Ask a trained model; every answer names the concepts of the graph that counted."""
    from dataclasses import asdict

    from kgtransfer.runs import load

    saved = load(run)
    hits = saved.index.search(
        text, k, {iri: saved.graph.label(iri) for iri in saved.graph.concepts}
    )
    if as_json:
        _print_json([asdict(hit) for hit in hits])
        return
    table = Table("", "function", "module", "score", "context that counted", box=None)
    for rank, hit in enumerate(hits, start=1):
        context = ", ".join(f"{e.relation} {e.concept} {e.weight:+.2f}" for e in hit.context)
        table.add_row(str(rank), hit.name, hit.module, f"{hit.score:.3f}", context)
    Console().print(table)


@app.command(epilog="Example: `kgtransfer report runs/demo`")
def report(run: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Draw a run's report again, from its saved scores."""
    from kgtransfer.report import write_report
    from kgtransfer.results import RunResult

    print(write_report(RunResult.load(run), run))


def run_pipeline(
    run: Callable[[Any, Path], RunResult], schema: type[BaseModel], script: str
) -> None:
    """The command line of a pipeline script, the same for all of them.

    Args:
        run: settings and folder -> result.
        schema: the settings.
        script: the script's `__file__`; its defaults stand beside it, in TOML.
    """

    def command(
        out: Annotated[Path, typer.Option(help="Folder of the run.")],
        data: Annotated[str, typer.Option(help="What to train on.")] = "",
        test: Annotated[str, typer.Option(help="Another data set to test on.")] = "",
        seeds: int | None = None,
        arms: Annotated[str, typer.Option(help="Names with commas between; all by default.")] = "",
        labels_per_class: Annotated[
            int | None, typer.Option(help="A further few-label arm.")
        ] = None,
        device: str = "",
        set_: Set = None,
        as_json: Json = False,
    ) -> None:
        from kgtransfer.config import read_config

        given = {"data.path": data, "data.test": test, "seeds": seeds, "device": device}
        given |= {"few_labels": f"[{labels_per_class}]"} if labels_per_class else {}
        given |= {"arms": json.dumps([name.strip() for name in arms.split(",")])} if arms else {}
        given |= {"data.packages": "[]"} if data and data != "stdlib" else {}
        overrides = [f"{key}={value}" for key, value in given.items() if value not in ("", None)]
        settings = read_config(
            Path(script).with_suffix(".toml"), schema, [*overrides, *(set_ or [])]
        )
        _finish(run(settings, out), out, as_json)

    command.__doc__ = sys.modules["__main__"].__doc__
    _guarded(lambda: typer.run(command))


def _finish(result: RunResult, out: Path, as_json: bool) -> None:
    if as_json:
        _print_json(result.to_json())
        return
    console = Console()
    console.print(result.table())
    for setting in result.settings.values():
        for comparison in setting.comparisons:
            print(f"{setting.name:>7}  {comparison}")
    print(f"report: {out / 'report.html'}")


def _script(config: Path) -> dict[str, Any]:
    """The pipeline script beside a TOML file, loaded but not run as a program."""
    import runpy

    from kgtransfer.errors import ConfigError

    path = config.with_suffix(".py") if config.suffix else config
    if not path.is_file():
        raise ConfigError(
            f"{path} does not exist: a pipeline's script stands beside its settings",
            cure="give the .toml of a pipeline, such as pipelines/code_search.toml",
        )
    script = runpy.run_path(str(path), run_name="pipeline")
    missing = [name for name in ("run", "Config") if name not in script]
    if missing:
        raise ConfigError(
            f"{path} defines no {' and no '.join(missing)}",
            cure="define Config (pydantic) and run(config, out) -> RunResult",
        )
    return script


def _print_json(value: Any) -> None:
    ascii_only = sys.stdout.encoding.lower() not in ("utf-8", "utf8")
    print(json.dumps(value, indent=1, ensure_ascii=ascii_only, default=str))


if __name__ == "__main__":
    main()
