"""Verbs about saved runs: retrain, explain, versus, runs, promote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgtransfer.cli.base import Json, VerifyWith, print_json, verified
from kgtransfer.errors import ConfigError
from kgtransfer.utils.files import shown
from kgtransfer.utils.terminal import counted, show, table, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.experiments.comparison import Comparison
    from kgtransfer.retraining.loop import News
    from kgtransfer.runs.explanation import Explanation
    from kgtransfer.runs.registry import Entry

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer retrain runs/wbc --ontology ontology/wbc.ttl`")
def retrain(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    ontology: Annotated[
        Path | None,
        typer.Option(help="The edited file or folder.  [default: where the run read it from]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the new run.  [default: RUN-2, RUN-3, ...]")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would be done, and do nothing.")] = False,
    watch: Annotated[bool, typer.Option(help="Do it whenever the ontology is saved.")] = False,
    verify_with: VerifyWith = None,
    as_json: Json = False,
) -> None:
    """Bring a run up to date with its edited ontology: only what the edit made stale.

    The run before stays as it is; the new one is compared with it on the same samples.
    """
    from kgtransfer.retraining.loop import once, watching

    def report(news: News) -> None:
        print_json(news.values) if as_json else tell(news.text)

    if watch and (dry_run or out):
        raise ConfigError("--watch goes with neither --dry-run nor --out", cure="leave it out")
    verified(run, verify_with)
    if watch:
        watching(run, ontology, report)
    else:
        report(once(run, ontology, out=out, dry_run=dry_run))


@verbs.command(epilog="Example: `kgtransfer explain runs/wbc --kind attribute`")
def explain(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    test: Annotated[
        str, typer.Option(help="Data set to score.  [default: validation, else the first]")
    ] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="Of pieces: attribute, concept or axiom; repeatable.")
    ] = None,
    top: Annotated[
        int,
        typer.Option(
            min=1, max=10_000, help="How many pieces to show: which help and which hurt most."
        ),
    ] = 25,
    store: Annotated[
        str, typer.Option(help="A graph store to record in what each concept is worth.")
    ] = "",
    verify_with: VerifyWith = None,
    as_json: Json = False,
) -> None:
    """Say what each concept and axiom is worth: left out in turn, the models scored again."""
    verified(run, verify_with)
    from kgtransfer.kinds import kind_of

    run = run.resolve()
    explanation = kind_of(run).explain(run, test, kind or ())
    picture = _draw_worth(run, explanation, top)
    _keep_worth(run, explanation)
    if store:
        _record_worth(run, store, explanation)
    if as_json:
        print_json({**explanation.to_json(), "picture": picture})
        return
    rows = (
        (value.kind, value.label, _points(value.comparison), value.comparison.verdict)
        for value in explanation.extremes(top)
    )
    show(table(("kind", "what", f"points on {explanation.test}", ""), rows))
    if (between := len(explanation.values) - top) > 0:
        tell(f"{counted(between, 'piece')} in between: --top {len(explanation.values)} shows all")
    tell(f"picture: {shown(picture)}")


@verbs.command(epilog="Example: `kgtransfer versus runs/wbc-2 runs/wbc`")
def versus(
    a: Annotated[Path, typer.Argument(help="Folder of a run.")],
    b: Annotated[Path, typer.Argument(help="The run to set it against.")],
    arm: Annotated[
        str, typer.Option(help="The arm to compare.  [default: the one that run A is about]")
    ] = "",
    as_json: Json = False,
) -> None:
    """Set one run against another: what their ontologies say differently, and the scores."""
    from kgtransfer.experiments.setting import is_validation
    from kgtransfer.knowledge.diff.diff import diff
    from kgtransfer.runs import registry
    from kgtransfer.runs.unlabelled import changes, read_unlabelled

    changed, scores = diff(b, a), registry.versus(a, b, arm)
    told = changes(read_unlabelled(a), read_unlabelled(b))
    if as_json:
        comparisons = {name: compared.to_json() for name, compared in scores.items()}
        unlabelled = {name: change.to_json() for name, change in told.items()}
        print_json({"diff": changed.to_json(), "scores": comparisons, "unlabelled": unlabelled})
        return
    tell(changed)
    for name, compared in sorted(scores.items(), key=lambda score: is_validation(score[0])):
        note = "; no test, to choose by" if is_validation(name) else ""
        tell(f"{name:>32}  {a.name} - {b.name}: {compared.figures} {compared.verdict}{note}")
    for name, change in told.items():
        tell(f"{name:>32}  without labels: {change}")
    if not scores:
        tell("the two were not scored on the same samples and seeds")


@verbs.command(epilog="Example: `kgtransfer runs runs/ --store my.kglite`")
def runs(
    folder: Annotated[Path, typer.Argument(help="Folder of runs.")] = Path("runs"),
    store: Annotated[str, typer.Option(help="A graph store to record them in.")] = "",
    as_json: Json = False,
) -> None:
    """List the runs of a folder: what each came from, how good it is, which is in use."""
    from kgtransfer.runs.registry import entries

    listed = entries(folder)
    if store:
        from kgtransfer.runs.recording import record_all

        record_all(listed, store)
    if as_json:
        print_json([entry.to_json() for entry in listed])
        return
    headers = ("run", "pipeline", "ontology", "data", "from", "score", "")
    names = {entry.run_hash: entry.folder.name for entry in listed if not entry.damage}
    show(table(headers, (_row(entry, names) for entry in listed)), whole=True)


@verbs.command(epilog="Example: `kgtransfer promote runs/wbc-2`")
def promote(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    anyway: Annotated[bool, typer.Option(help="Also where it is worse.")] = False,
    verify_with: VerifyWith = None,
    as_json: Json = False,
) -> None:
    """Put a run to use for its data, unless it is worse, beyond noise, than the one in use."""
    verified(run, verify_with)
    from kgtransfer.runs import registry

    entry = registry.promote(run, anyway=anyway)
    if as_json:
        print_json(entry.to_json())
    else:
        tell(f"in use: {shown(entry.folder)} ({entry.setting}: {entry.score:.3f})")


def _row(entry: Entry, names: Mapping[str, str]) -> tuple[str, ...]:
    score = "" if entry.damage else f"{entry.score:.3f} ({entry.setting})"
    note = f"damaged: {entry.damage}" if entry.damage else "in use" if entry.promoted else ""
    parent = names.get(entry.parent, entry.parent[:8])
    data = entry.data_hash[:8] or Path(entry.data).name
    origin = (entry.pipeline, entry.ontology[:8], data, parent)
    return entry.folder.name, *origin, score, note


def _points(compared: Comparison) -> str:
    low, high = (100 * end for end in compared.ci95)
    return f"{100 * compared.difference:+.1f} [{low:.1f}, {high:.1f}]"


def _draw_worth(run: Path, explanation: Explanation, top: int) -> Path:
    """The picture, beside the run's report."""
    from kgtransfer.report.attribution import worth_bars
    from kgtransfer.report.style import png
    from kgtransfer.report.summary import metric_name
    from kgtransfer.utils.files import write_atomically

    values = explanation.extremes(top)
    labels = [f"{value.kind}: {value.label}" for value in values]
    axis = f"points of {metric_name(explanation.metric)} on {explanation.test}"
    figure = worth_bars(labels, [value.comparison for value in values], axis)
    picture = run / f"worth-{explanation.test}.png"
    write_atomically(picture, png(figure))
    return picture


def _keep_worth(run: Path, explanation: Explanation) -> None:
    """What was found, in a file beside the picture."""
    from kgtransfer.runs.recording import WORTH
    from kgtransfer.utils.files import json_bytes, write_atomically

    content = json_bytes(explanation.to_json())
    write_atomically(run / f"{WORTH}{explanation.test}.json", content)


def _record_worth(run: Path, store: str, explanation: Explanation) -> None:
    """The run, what its concepts were worth, and what some samples show."""
    from kgtransfer.runs.recording import record_all
    from kgtransfer.runs.registry import entries

    own = [entry for entry in entries(run.parent) if entry.folder == run]
    record_all(own, store, explanation.groundings)
