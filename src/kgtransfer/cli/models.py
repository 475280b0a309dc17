"""Verbs about models: train, predict, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kgtransfer.cli.base import Json, Set, VerifyWith, finish, print_json, verified
from kgtransfer.errors import ConfigError, KgTransferError
from kgtransfer.utils.files import claim
from kgtransfer.utils.terminal import show, table, tell

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer train pipelines/code_search.toml --out runs/demo`")
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
    claim(out)
    finish(script["run"](settings, out), out, as_json)


@verbs.command(
    epilog='Examples: `kgtransfer predict runs/demo "read a csv file row by row"`, '
    "`kgtransfer predict runs/wbc cell.jpg`"
)
def predict(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    what: Annotated[
        list[str], typer.Argument(help="What you are looking for, in words; or image files.")
    ],
    k: Annotated[int, typer.Option("-k", min=1, max=10_000, help="How many answers.")] = 5,
    like: Annotated[
        Path | None,
        typer.Option(help="Folder of images of the same lab, where it is not the run's."),
    ] = None,
    verify_with: VerifyWith = None,
    as_json: Json = False,
) -> None:
    """Ask a trained model; every answer names the concepts of the graph that counted."""
    verified(run, verify_with)
    from kgtransfer.code.run import SEARCHES
    from kgtransfer.experiments.results import RunResult

    if RunResult.load(run).pipeline in SEARCHES:
        _search(run, " ".join(what), k, as_json)
    else:
        _classify(run, [Path(name) for name in what], like, as_json)


def _search(run: Path, text: str, k: int, as_json: bool) -> None:
    from dataclasses import asdict

    from kgtransfer.code.run import load

    saved = load(run)
    hits = saved.index.search(
        text, k, {iri: saved.graph.label(iri) for iri in saved.graph.concepts}
    )
    if as_json:
        print_json([asdict(hit) for hit in hits])
        return
    rows = (
        (
            *(rank, hit.name, hit.module, f"{hit.score:.3f}"),
            ", ".join(f"{e.relation} {e.concept} {e.weight:+.2f}" for e in hit.context),
        )
        for rank, hit in enumerate(hits, start=1)
    )
    headers = ("", "function", "module", "score", "context that counted")
    show(table(headers, rows, fold=True))


def _classify(run: Path, images: list[Path], like: Path | None, as_json: bool) -> None:
    from dataclasses import asdict

    from kgtransfer.experiments.result_form import made_of_details
    from kgtransfer.images.data.folder import image_files
    from kgtransfer.images.predict import ImageClassifier
    from kgtransfer.images.run import SavedImages

    saved = SavedImages.load(run)
    with made_of_details(run):
        classify = ImageClassifier(saved)
    found = classify(images, image_files(like) if like else ())
    if as_json:
        print_json([asdict(prediction) for prediction in found])
        return
    for prediction in found:
        shares = ", ".join(f"{label} {of:.3f}" for label, of in list(prediction.shares.items())[:3])
        tell(f"{prediction.image}: {shares}")
        rows = (
            (driver.label, driver.shown, f"{driver.margin:+.2f}") for driver in prediction.drivers
        )
        show(table(("speaks for the first", "shown", "margin in logits"), rows))


@verbs.command(epilog="Example: `kgtransfer report runs/demo`")
def report(run: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Draw a run's report again, from its saved scores."""
    from kgtransfer.experiments.result_form import made_of_details
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.report import write_report

    result = RunResult.load(run)
    with made_of_details(run):
        page = write_report(result, run)
    tell(page)


def _script(config: Path) -> dict[str, Any]:
    """The pipeline script beside a TOML file, loaded but not run as a program.

    One that did not come with kgtransfer is code that a settings file names: it runs where it is
    the user's own, or trusted.
    """
    from kgtransfer.trust import CodeUnit, require_trust
    from kgtransfer.utils.resources import comes_along

    path = config.with_suffix(".py") if config.suffix else config
    if not path.is_file():
        raise ConfigError(
            f"{path} does not exist: a pipeline's script stands beside its settings",
            cure="give the .toml of a pipeline, such as pipelines/code_search.toml",
        )
    unit = CodeUnit.read(path)
    if not (unit.origin and comes_along(unit.origin.path)):
        require_trust(unit, config)
    try:
        script: dict[str, Any] = vars(unit.load())
    except KgTransferError:
        raise
    except (Exception, SystemExit) as error:
        raise ConfigError(
            f"{path}: cannot be loaded ({type(error).__name__}: {error})",
            cure="mend the script: python must be able to import it",
        ) from error
    missing = [name for name in ("run", "Config") if name not in script]
    if missing:
        raise ConfigError(
            f"{path} defines no {' and no '.join(missing)}",
            cure="define Config (pydantic) and run(config, out) -> RunResult",
        )
    return script
