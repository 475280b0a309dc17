"""The form of a run's result.json and details.json, checked as something is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError

from kgtransfer.errors import KgTransferError, RunError
from kgtransfer.experiments.arms import Role

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PROTOCOL", "made_of_details", "require_form"]

PROTOCOL = 2
"""How arms are chosen, compared and written down; results of different protocols do not compare."""


class _Arm(BaseModel):
    role: Role
    says: str
    compare_to: list[str]
    labels: int | None
    panel: str
    metrics: dict[str, list[FiniteFloat | None]]
    seconds: FiniteFloat


class _Comparison(BaseModel):
    model_config = ConfigDict(extra="forbid")

    a: str
    b: str
    difference: FiniteFloat
    ci95: tuple[FiniteFloat, FiniteFloat]
    verdict: str


class _Setting(BaseModel):
    setting: str
    arms: dict[str, _Arm]
    comparisons: list[_Comparison]
    labels_per_class: FiniteFloat = 0.0


class _Run(_Setting):
    kind: str
    headline: str
    chosen: dict[str, str]
    pipeline: str
    data: str
    test: str
    metric: str
    seeds: list[int]
    other_settings: list[_Setting]
    environment: dict[str, Any]
    graph_hash: str
    run_hash: str
    files: dict[str, str]


def require_form(content: dict[str, Any], place: str) -> None:
    """Check that the content of a result.json has the form that runs write.

    Raises:
        RunError: it is of another protocol, or a part is missing or of another type; the message
            names it.
    """
    protocol = content.get("protocol", 1)
    if protocol != PROTOCOL:
        raise RunError(
            f"{place}: of protocol {protocol}, not {PROTOCOL}",
            cure="bring the run up to date: kgtransfer migrate RUN"
            if protocol == 1
            else "read it with the version of kgtransfer that made it",
        )
    try:
        _Run.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        part = ".".join(map(str, first["loc"]))
        raise RunError(
            f"{place}: lacks or misuses {part!r}: {first['msg']}",
            cure="point at the folder of a run that was made to its end",
        ) from error


@contextmanager
def made_of_details(folder: Path) -> Iterator[None]:
    """A block that makes something of what the details of a saved run say.

    Every pipeline writes further findings of its own, so that their form shows when they are used.

    Raises:
        RunError: the block stumbled over them.
    """
    try:
        yield
    except (KgTransferError, OSError):
        raise
    except Exception as error:  # Python's own, and those of the template engine
        raise RunError(
            f"{folder / 'details.json'}: not what a run writes ({type(error).__name__}: {error})",
            cure="point at the folder of a run that was made to its end",
        ) from error
