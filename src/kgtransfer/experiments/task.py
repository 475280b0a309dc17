"""What an experiment asks of a task, and what a task gives for one arm and one seed."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from kgtransfer.errors import RunError
from kgtransfer.experiments.arms import Arm, M
from kgtransfer.experiments.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["FitResult", "KeepsFits", "KeepsSettings", "Setting", "Task"]


@dataclass(frozen=True)
class FitResult:
    """What one arm gave for one seed.

    Attributes:
        per_sample: score of each test sample; the mean is the arm's metric.
        metrics: further figures.
        gates: the weights of the gates through which knowledge entered, by name.
        seconds: wall time of fit and scoring.
        strata: class of each test sample, where intervals are to be drawn within classes.
        groups: number of the group of each test sample, such as a patient, where samples of a group
            are to be drawn together.
        choice: of a baseline, which candidate it is.
        candidates: of a baseline, candidate -> its score of each test sample: all that were tried,
            for `kgtransfer.report.candidates`.

    Raises:
        RunError: scores are no row of finite numbers, a figure is no finite number, or strata or
            groups are not one number from 0 on a sample.
    """

    per_sample: npt.NDArray[np.float64]
    metrics: Mapping[str, float] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    strata: Sequence[int] = ()
    groups: Sequence[int] = ()
    choice: Choice | None = None
    candidates: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scores = np.array(self.per_sample, dtype=np.float64)
        if scores.ndim != 1 or not len(scores) or not np.isfinite(scores).all():
            raise RunError(
                f"scores {scores.shape} are not one finite number a test sample",
                cure="give per_sample=[...]; a sample that cannot be scored is none of the test",
            )
        for name, what in (("strata", "class"), ("groups", "group")):
            numbers = [int(number) for number in getattr(self, name)]
            if len(numbers) not in (0, len(scores)) or min(numbers, default=0) < 0:
                raise RunError(
                    f"{len(numbers)} {name} for {len(scores)} samples",
                    cure=f"give each sample the number of its {what}, from 0",
                )
            object.__setattr__(self, name, numbers)
        object.__setattr__(self, "per_sample", scores)
        object.__setattr__(self, "seconds", float(self.seconds))
        for name in ("metrics", "gates"):
            object.__setattr__(self, name, _figures(name, getattr(self, name)))

    def to_json(self) -> dict[str, Any]:
        """JSON-able; floats keep every bit."""
        candidates = {name: scores.tolist() for name, scores in self.candidates.items()}
        arrays = {"per_sample": self.per_sample.tolist(), "candidates": candidates}
        plain = asdict(replace(self, candidates={})) | arrays
        return plain | {"choice": self.choice.to_json() if self.choice else None}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FitResult:
        """Read back what `to_json` wrote."""
        scores = {
            name: np.array(of_candidate, dtype=np.float64)
            for name, of_candidate in values.get("candidates", {}).items()
        }
        choice = Choice.from_json(values["choice"]) if values.get("choice") else None
        return cls(**{**values, "choice": choice, "candidates": scores})


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


@runtime_checkable
class KeepsSettings(Protocol):
    """A task made in Python that knows the settings by which its run can be read back."""

    def kept_settings(self, seeds: Sequence[int]) -> BaseModel | None:
        """Seeds of the run -> its settings; None where no settings say the same."""
        ...
