"""Verbs about models: train, predict, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kgtransfer.cli.base import Json, Set, VerifyWith, finish, print_output, verified
from kgtransfer.errors import ConfigError, KgTransferError
from kgtransfer.utils.files import claim
from kgtransfer.utils.terminal import tell

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer train code_search.toml --out runs/demo`")
def train(
    config: Annotated[
        Path, typer.Argument(help="TOML of a pipeline: yours, or one that comes along.")
    ],
    out: Annotated[Path, typer.Option(help="Folder of the run.")],
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Run a pipeline: every arm and seed, comparisons, report."""
    from kgtransfer.config import read_config
    from kgtransfer.utils.resources import pipeline_file

    config = pipeline_file(config)
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
        typer.Option(help="Folder of samples of the same domain, where it is not the run's."),
    ] = None,
    say: Annotated[
        list[str] | None,
        typer.Option(
            help="What you see in an image, in place of what was measured, as "
            "wbc:RedGranules=yes or 'granule colour=red'; repeatable."
        ),
    ] = None,
    verify_with: VerifyWith = None,
    as_json: Json = False,
) -> None:
    """Ask a trained model; every answer names the concepts of the graph that counted."""
    verified(run, verify_with)
    from kgtransfer.kinds import kind_of

    said = {"say": say} if say else {}  # a kind that grounds nothing need not know of it
    print_output(kind_of(run).predict(run, what, count=k, like=like, **said), as_json)


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
    """The pipeline script of a TOML file, loaded but not run as a program.

    One that did not come with kgtransfer is code that a settings file names: it runs where it is
    the user's own, or trusted.
    """
    from kgtransfer.trust import CodeUnit, require_trust
    from kgtransfer.utils.resources import comes_along

    path = _script_path(config)
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


def _script_path(config: Path) -> Path:
    """TOML file -> the script of its name beside it, else the pipeline of ours that it names."""
    from kgtransfer.config import read_settings
    from kgtransfer.utils.resources import bundled_pipelines, bundled_scripts

    beside = config.with_suffix(".py") if config.suffix else config
    if beside.is_file():
        return beside
    scripts = bundled_scripts()
    name = read_settings(config).get("pipeline") if config.is_file() else None
    if name is not None and (not isinstance(name, str) or name not in scripts):
        raise ConfigError(
            f"{config}: kgtransfer has no pipeline {name!r}",
            cure=f"pipelines are: {', '.join(scripts)}",
        )
    if name is None:
        raise ConfigError(
            f"{beside} does not exist: a pipeline's script stands beside its settings, or they "
            "name one of kgtransfer's own",
            cure='write pipeline = "images" into it, or give settings that come along: '
            f"{', '.join(bundled_pipelines())}",
        )
    return scripts[name]
