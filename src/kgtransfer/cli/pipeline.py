"""The command line of a pipeline script."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kgtransfer.cli.base import Json, Set, finish, guarded
from kgtransfer.errors import ConfigError
from kgtransfer.utils.files import claim

if TYPE_CHECKING:
    from kgtransfer.config.common import PipelineConfig
    from kgtransfer.experiments.results import RunResult

__all__ = ["run_pipeline"]


def run_pipeline(
    run: Callable[[Any, Path], RunResult], schema: type[PipelineConfig], script: str
) -> None:
    """The command line of a pipeline script, the same for all of them.

    Args:
        run: settings and folder -> result.
        schema: the settings.
        script: the script's `__file__`; its settings stand beside it, in TOML: those of its name,
            and presets that name it.
    """

    def command(
        out: Annotated[Path, typer.Option(help="Folder of the run.")],
        data: Annotated[str | None, typer.Option(help="What to train on.")] = None,
        test: Annotated[str, typer.Option(help="Another data set to test on.")] = "",
        seeds: int | None = None,
        arms: Annotated[str, typer.Option(help="Names with commas between; all by default.")] = "",
        labels_per_class: Annotated[
            int | None, typer.Option(help="How many labels the few-label arms learn from.")
        ] = None,
        device: str = "",
        preset: Annotated[str, typer.Option(help="Other settings beside the script.")] = "",
        set_: Set = None,
        as_json: Json = False,
    ) -> None:
        from kgtransfer.config import read_config

        if data is not None and not data.strip():
            raise ConfigError("--data is empty", cure="give a path; a shell variable may be unset")
        values: dict[str, object] = dict(schema.for_data(data)) if data else {}
        values |= {"data.test": test} if test else {}
        values |= {"seeds": seeds, "device": device}
        values |= schema.for_labels(labels_per_class) if labels_per_class else {}
        values |= {"arms": json.dumps([name.strip() for name in arms.split(",")])} if arms else {}
        overrides = [f"{key}={value}" for key, value in values.items() if value not in ("", None)]
        settings = read_config(_settings(script, preset), schema, [*overrides, *(set_ or [])])
        claim(out)
        finish(run(settings, out), out, as_json)

    command.__doc__ = sys.modules["__main__"].__doc__
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(command)
    guarded(app)


def _settings(script: str, preset: str) -> Path:
    """A script and the name of a preset -> the TOML of that name, or that of the script's own.

    Raises:
        ConfigError: no settings of that name are for this pipeline.
    """
    from kgtransfer.config import read_settings

    own = Path(script).with_suffix(".toml")
    if not preset:
        return own
    presets = {
        path.stem: path
        for path in sorted(own.parent.glob("*.toml"))
        if read_settings(path).get("pipeline") == own.stem
    }
    if preset not in presets:
        raise ConfigError(f"no preset {preset!r}", cure=f"presets are: {', '.join(presets)}")
    return presets[preset]
