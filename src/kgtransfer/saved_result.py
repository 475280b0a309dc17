"""The form of a run's result.json, checked before anything is made of it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError

from kgtransfer.errors import RunError

__all__ = ["require_form"]


class _Arm(BaseModel):
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
        RunError: a part is missing or of another type; the message names it.
    """
    try:
        _Run.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        part = ".".join(map(str, first["loc"]))
        raise RunError(
            f"{place}: lacks or misuses {part!r}: {first['msg']}",
            cure="point at the folder of a run that was made to its end",
        ) from error
