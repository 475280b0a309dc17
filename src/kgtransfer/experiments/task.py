"""What an experiment asks of a task, and what a task gives for one arm and one seed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from kgtransfer.errors import RunError
from kgtransfer.experiments.arms import Arm, M

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["FitResult", "KeepsFits", "Setting", "Task"]


@dataclass(frozen=True)
class FitResult:
    """What one arm gave for one seed.

    Attributes:
        per_sample: score of each test sample; the mean is the arm's metric.
        metrics: further figures.
        gates: the weights of the gates through which knowledge entered, by name.
        seconds: wall time of fit and scoring.
        strata: class of each test sample, where intervals are to be drawn within classes.

    Raises:
        RunError: scores are no row of finite numbers, a figure is no finite number, or strata are
            not one number from 0 on a sample.
    """

    per_sample: npt.NDArray[np.float64]
    metrics: Mapping[str, float] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    strata: Sequence[int] = ()

    def __post_init__(self) -> None:
        scores = np.array(self.per_sample, dtype=np.float64)
        if scores.ndim != 1 or not len(scores) or not np.isfinite(scores).all():
            raise RunError(
                f"scores {scores.shape} are not one finite number a test sample",
                cure="give per_sample=[...]; a sample that cannot be scored is none of the test",
            )
        strata = [int(stratum) for stratum in self.strata]
        if len(strata) not in (0, len(scores)) or min(strata, default=0) < 0:
            raise RunError(
                f"{len(strata)} strata for {len(scores)} samples",
                cure="give each sample the number of its class, from 0",
            )
        object.__setattr__(self, "per_sample", scores)
        object.__setattr__(self, "strata", strata)
        object.__setattr__(self, "seconds", float(self.seconds))
        for name in ("metrics", "gates"):
            object.__setattr__(self, name, _figures(name, getattr(self, name)))

    def to_json(self) -> dict[str, Any]:
        """JSON-able; floats keep every bit."""
        return {**asdict(self), "per_sample": self.per_sample.tolist()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FitResult:
        """Read back what `to_json` wrote."""
        return cls(**{**values, "per_sample": np.array(values["per_sample"], dtype=np.float64)})


def _figures(what: str, values: Mapping[str, float]) -> dict[str, float]:
    """Figures of any number type -> plain finite floats."""
    figures = {name: float(value) for name, value in values.items()}
    if lost := [name for name, value in figures.items() if not math.isfinite(value)]:
        raise RunError(f"{what}: {lost[0]} is not a finite number", cure="leave it out")
    return figures


@dataclass(frozen=True)
class Setting(Generic[M]):
    """A test set, or another condition under which all arms are run and compared.

    Attributes:
        name: what results call it.
        arms: that run in it.
        labels: that every arm learns from, per class, unless it has a number of its own; 0 where
            arms have none.
    """

    name: str
    arms: tuple[Arm[M], ...]
    labels: float = 0.0


class Task(Protocol[M]):
    """A kind of sample, its data and its knowledge, ready for any arm."""

    @property
    def kind(self) -> str:
        """Of sample: a key of `kgtransfer.kinds.KINDS`."""
        ...

    @property
    def metric(self) -> str:
        """What the mean of the scores per sample is."""
        ...

    @property
    def data(self) -> str:
        """Name of what is learned from."""
        ...

    @property
    def test(self) -> str:
        """Name of what is tested on."""
        ...

    @property
    def device(self) -> str:
        """Where models are trained."""
        ...

    @property
    def graph(self) -> KnowledgeGraph:
        """What is known."""
        ...

    @property
    def hash(self) -> str:
        """Digest of all that scores depend on, arms, seeds and the library's code aside."""
        ...

    @property
    def arms(self) -> Sequence[Arm[M]]:
        """The arms that it knows, in the order of tables."""
        ...

    @property
    def headline(self) -> str:
        """Name of the arm that the run is about: its models are kept, it always runs."""
        ...

    def settings(self, arms: Sequence[Arm[M]]) -> Sequence[Setting[M]]:
        """The settings in which chosen arms run; the first is the main one."""
        ...

    def fit(
        self, setting: Setting[M], arm: Arm[M], seed: int, *, model_file: Path | None = None
    ) -> FitResult:
        """Fit an arm with a seed and score it; write what was fitted where a file is given."""
        ...

    def findings(self, runs: Mapping[str, SettingRuns]) -> dict[str, Any]:
        """What else the report shows, JSON-able (see `kgtransfer.report`).

        `weights`, concept IRI -> how much it was used, goes to the graph store.

        Args:
            runs: setting -> what its arms gave.
        """
        ...

    def save(self, folder: Path, runs: Mapping[str, SettingRuns]) -> None:
        """Write the models that the run keeps into its folder."""
        ...


@runtime_checkable
class KeepsFits(Protocol):
    """A task with fits that serve several settings: it keeps them itself, beside the results."""

    def keep_fits(self, folder: Path, key: str) -> None:
        """Read and write finished fits in a folder from now on.

        Args:
            folder: of the experiment's fits.
            key: digest of all that they depend on, arms, labels and seeds aside.
        """
        ...
