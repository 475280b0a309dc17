"""The verb that makes concept vectors: embed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kgtransfer.cli.base import Base, Json, VerifyWith, print_json, verified
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.utils.terminal import show, table, tell

if TYPE_CHECKING:
    from kgtransfer.embedding.export import Export
    from kgtransfer.knowledge.graph import KnowledgeGraph

verbs = typer.Typer()


@verbs.command(
    epilog="Examples: `kgtransfer embed ontology/api.ttl --out runs/api` · "
    "`kgtransfer embed fb15k237/ --model complex --dim 256 --out runs/fb` · "
    "`kgtransfer embed codex_s/ --budget 4x --out runs/codex`, a longer search of settings · "
    "`kgtransfer embed ontology/api.ttl --from runs/api --out runs/api2` after an edit"
)
def embed(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Ontology files or folders, or one folder with train.tsv(.gz)."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for vectors, model and result.json.")],
    model: Annotated[
        str | None,
        typer.Option(
            help="Score function (complex, cp, distmult, rescal, rotate, transe, transe_l1), or "
            "`none` for text alone.  [default: complex]"
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(help="Text encoder, or `none`.  [default: minilm of an ontology, else none]"),
    ] = None,
    dim: Annotated[
        int | None, typer.Option(min=1, max=4_096, help="Factors of a vector.  [default: 128]")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="The most passes, a cooldown of 2 apart.")
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            help="What a search of settings may spend beside one training: `2x`, twice as much, "
            "CPU-seconds, or 0.  [default: 2x of a folder of triples, 0 of an ontology]"
        ),
    ] = None,
    described: Annotated[
        bool, typer.Option(help="An ontology's structure learns from text and numbers too.")
    ] = False,
    old: Annotated[
        Path | None,
        typer.Option("--from", help="Folder of an embedding to bring up to date; it has settings."),
    ] = None,
    verify_with: VerifyWith = None,
    export: Annotated[
        list[str] | None, typer.Option(help="word2vec or parquet: a further file; repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Of everything random.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    base: Base = "",
    as_json: Json = False,
) -> None:
    """Embed concepts from their links and their text; says how well held-out links are found."""
    if verify_with and not old:
        raise ConfigError("--verify-with goes with --from", cure="leave it out")
    if old:
        verified(old, verify_with)
    from kgtransfer.backbones.precision import pick_device
    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.embedding import FittedModel
    from kgtransfer.embedding.export import exports
    from kgtransfer.embedding.kge.budget import DEFAULT_BUDGET, Budget
    from kgtransfer.embedding.kge.files import is_triples_folder
    from kgtransfer.embedding.kge.processes import leads
    from kgtransfer.embedding.kge.recipe import DIM
    from kgtransfer.knowledge.io.ontology import read_ontology
    from kgtransfer.link_prediction.embed import embed_folder, embed_ontology
    from kgtransfer.runs.environment import environment
    from kgtransfer.utils.files import claim, json_bytes, write_atomically
    from kgtransfer.utils.progress import bar, say

    writers = exports(export or [])
    triples = is_triples_folder(paths[0])
    _check(paths, triples=triples, described=described)
    _check_old(old, {"--model": model, "--dim": dim, "--epochs": epochs, "--budget": budget})
    Budget.of(budget or 0)
    claim(out)
    model = model or "complex"
    name = text or ("none" if triples else "minilm")
    encoder = None if name == "none" else TextEncoder.from_pretrained(name)
    device = pick_device(device)
    options: dict[str, Any] = {"epochs": epochs, "text": encoder, "seed": seed, "device": device}
    options |= {"old": FittedModel.load(old) if old else None, "tell": say}
    options["budget"] = budget or (DEFAULT_BUDGET if triples else 0)
    with bar("embedding") as advance:
        options["progress"] = lambda news, done: advance(0, what=f"embedding: {news}")
        if triples:
            result = embed_folder(paths[0], out, model=model, dim=dim, **options)
        else:
            kind = None if model == "none" else model
            graph = read_ontology(*paths, base=base)
            options |= {"dim": dim or DIM, "described": described}
            result = embed_ontology(graph, out, model=kind, **options)
    if not leads():
        return
    result |= {"environment": environment(device)}
    write_atomically(out / "result.json", json_bytes(result))
    _show_embedding(out, paths[0] if triples else graph, writers)
    if as_json:
        print_json({"out": str(out), **result})
    else:
        _print_embedding(result, out)


def _check(paths: list[Path], *, triples: bool, described: bool) -> None:
    """Refuse what would be an error after a long time, or of no effect."""
    from kgtransfer.knowledge.io.sources import holds_ontologies

    folder = paths[0]
    if triples and len(paths) > 1:
        raise ConfigError("several folders of triples", cure="embed one at a time")
    if triples and described:
        raise ConfigError(
            "--described is for ontologies", cure="--text minilm reads a folder's entity_text.tsv"
        )
    if folder.is_dir() and not triples and not holds_ontologies(folder):
        raise DataError(
            f"{folder} has neither triples nor an ontology",
            cure="add train.tsv, one `head<TAB>relation<TAB>tail` a line, or an ontology file",
        )


def _check_old(old: Path | None, settings: dict[str, object]) -> None:
    """An update goes on with the settings of what it brings up to date."""
    named = [option for option, value in settings.items() if value is not None]
    if old and named:
        raise ConfigError(
            f"{', '.join(named)} cannot change with --from",
            cure=f"leave it out, or embed again without --from {old}",
        )


def _show_embedding(out: Path, source: Path | KnowledgeGraph, writers: Iterable[Export]) -> None:
    """Draw the vectors of a folder and write them in other formats, into the same folder."""
    from kgtransfer.embedding import ConceptEmbeddings
    from kgtransfer.embedding.kge.files import read_labels
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


def _print_search(search: dict[str, Any]) -> None:
    """The end of the rungs: what was chosen, beside what the size of the graph suggests."""
    headers = ("searched", "N3", "relation weight", "batch", "rank", "epochs", "valid mrr")
    names = ("n3", "relation_weight", "batch_size", "dim", "epochs")
    rows = [
        (
            "chosen" if candidate["kept"] else "not chosen",
            *(f"{candidate[name]:g}" for name in names),
            f"{candidate['mrr']:.3f}",
        )
        for candidate in search["rungs"][-1]
    ]
    show(table(headers, rows))
    spent, trainings = search["spent"], search["trainings"]
    tell(f"search: {spent:.1f} trainings' work beside one, {trainings:.1f} allowed")


def _print_embedding(result: dict[str, Any], out: Path) -> None:
    splits = {name: result[name] for name in ("valid", "test") if result[name]}
    if splits:
        headers = ("filtered", *next(iter(splits.values())))
        rows = ((name, *(f"{v:.3f}" for v in metrics.values())) for name, metrics in splits.items())
        show(table(headers, rows))
    if "search" in result:
        _print_search(result["search"])
    if "update" in result:
        counts, facts = result["update"]["counts"], result["update"]["old_facts"]
        for part, count in counts.items():
            tell(f"{part}: {count['kept']:,} kept, {count['new']:,} new, {count['gone']:,} gone")
        tell(f"MRR of what stays: {facts['before']:.3f} before, {facts['after']:.3f} after")
    tell(f"{result['entities']:,} concepts -> {out}  ({result['cpu_seconds']:.1f} CPU-s)")
