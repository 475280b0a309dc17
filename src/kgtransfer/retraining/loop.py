"""The loop that people live in: an edit is read, planned, retrained and compared, and told."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.edits.reading import begin, next_folder, read_edited
from kgtransfer.errors import KgTransferError, RunError
from kgtransfer.experiments.setting import is_validation
from kgtransfer.kinds import kind_of
from kgtransfer.utils.files import shown, sole
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kgtransfer.edits.reading import Edited
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["News", "once", "saves", "watching"]

QUIET = 400  # milliseconds without a change, after which a file counts as saved
LONGEST = 30_000  # milliseconds after which it does in any case


@dataclass(frozen=True)
class News:
    """What became of an edit.

    Attributes:
        text: for people.
        values: the same for programs.
        run: folder of the new run; None where there is none.
    """

    text: str
    values: Mapping[str, Any]
    run: Path | None = None


def once(
    run: Path,
    ontology: Path | KnowledgeGraph | None,
    *,
    out: Path | None = None,
    dry_run: bool = False,
) -> News:
    """Bring a run up to date.

    Args:
        run: folder of the run.
        ontology: the edited file or folder, or what was read of it; by default where the run read
            it from.
        out: folder of the new run; by default the next free one beside the old.
        dry_run: tell what would be done, and do nothing.
    """
    run, out = run.resolve(), out.resolve() if out else None
    edited = _read(run, ontology)
    work = kind_of(run).retraining(run, edited.graph) if edited.is_new else None
    if work is None or not work.is_needed:
        return News(
            f"nothing to do: {edited.where} says what {shown(run)} knows", {"nothing_to_do": True}
        )
    if dry_run:
        return News(str(work.plan), {"plan": work.plan.to_json()})
    say(work.plan)
    with sole(_lock(run), f"retraining {shown(run)}"):
        place = out or next_folder(run, edited)
        if not begin(place, run, edited):
            text = f"nothing to do: {shown(place)} was made of {shown(run)} and this ontology"
            return News(text, {"nothing_to_do": True, "run": str(place)}, place)
        with sole(_lock(place), f"writing {shown(place)}"):
            result = work.run(place)
    return News(verdicts(result, place), {"run": str(place), **result.to_json()}, place)


def _read(run: Path, ontology: Path | KnowledgeGraph | None) -> Edited:
    """The ontology as it is now; a run that no edit can be brought to says so before it asks."""
    try:
        return read_edited(run, ontology)
    except RunError:
        kind = kind_of(run)
        kind.retraining(run, kind.load(run).graph)
        raise


def _lock(folder: Path) -> Path:
    return folder.parent / ".cache" / f"{folder.name}.lock"


def watching(run: Path, ontology: Path | None, tell: Callable[[News], None]) -> None:
    """As `once`, whenever the ontology is saved, each run going on from the one before.

    An ontology that cannot be read, or breaks the shapes, is told, and waited for.

    Args:
        run: folder of the run.
        ontology: the edited file or folder; by default where the run read it from.
        tell: told what became of each save.
    """
    edited = _read(run, ontology)
    say(f"watching {edited.where}: save it to retrain {run}; Ctrl-C ends")
    with contextlib.suppress(KeyboardInterrupt):  # a run that it cuts off is taken up again
        for _ in saves(*edited.paths):
            try:
                news = once(run, ontology)
            except (KgTransferError, OSError) as error:  # OSError: a full disk
                say(f"error: {error}", "waiting for the next save")
                continue
            tell(news)
            run = news.run or run


def saves(*paths: Path) -> Iterator[None]:
    """Once at first, then each time one of the files, or one of a folder, was saved and left alone.

    What is saved while a save is being dealt with is not missed.
    """
    from watchfiles import watch

    begun = False
    looks = watch(
        *{path if path.is_dir() else path.parent for path in paths},
        step=QUIET,
        debounce=LONGEST,
        rust_timeout=QUIET,
        yield_on_timeout=True,
        raise_interrupt=False,
    )
    for changes in looks:
        changed = [Path(place) for _, place in changes]
        if not begun or any(map(partial(_is_of, paths), changed)):
            begun = True
            yield None


def _is_of(paths: Sequence[Path], changed: Path) -> bool:
    """Whether a file is one of some files and folders, or lies in one of them."""
    return any(
        path.resolve() in changed.resolve().parents
        if path.is_dir()
        else path.name == changed.name and path.parent.resolve() == changed.parent.resolve()
        for path in paths
    )


def verdicts(result: RunResult, folder: Path) -> str:
    """What came of it, setting by setting; validation samples are those to choose by."""
    lineage, lines = result.details["lineage"], []
    for setting in (s for part in result.parts() for s in part.values()):
        edit = setting.compare(result.headline, lineage["arm"])
        headline = setting.arms.get(result.headline)
        note = "; no test, to choose by" if is_validation(setting.name) else ""
        if edit:
            lines.append(f"{setting.name:>32}  {edit}{note}")
        elif headline:
            lines.append(f"{setting.name:>32}  {headline.name} {headline.mean:.3f}{note}")
    told = lineage.get("unlabelled", {})  # runs of before know nothing of it
    lines += [f"{name:>32}  without labels: {change['text']}" for name, change in told.items()]
    seconds, page = lineage["seconds"], shown(folder / "report.html")
    return "\n".join([*lines, f"{seconds:.0f} s; report: {page}"])
