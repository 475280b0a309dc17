"""What runs say of samples, labels unseen: answers that change, and what fits worse."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as tensor_bytes

from kgtransfer.errors import RunError
from kgtransfer.experiments.bootstrap import bootstrap_means, interval
from kgtransfer.experiments.comparison import format_score
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["UNLABELLED", "Change", "Unlabelled", "changes", "read_unlabelled", "write_unlabelled"]

UNLABELLED = "unlabelled.safetensors"  # inside a run


@dataclass(frozen=True, eq=False)
class Unlabelled:
    """What a run says of one domain's samples; no label enters.

    Attributes:
        samples: digest of the samples and their order.
        texts: all that an answer can be, as text.
        answers: `[models, samples]` rows of `texts`.
        fits: what fits -> `[samples]`, in nats, higher where it fits better.
    """

    samples: str
    texts: Sequence[str]
    answers: npt.NDArray[np.int64]
    fits: Mapping[str, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, samples: str, answers: Iterable[Sequence[str]], fits: Mapping[str, Floats]) -> Self:
        """Each model's answers as texts, a text for each sample."""
        texts, rows = np.unique(np.array([*answers]), return_inverse=True)
        return cls(samples, texts.tolist(), rows.reshape(-1, rows.shape[-1]), fits)


@dataclass(frozen=True)
class Change:
    """One domain, as a run sees it and as another did.

    Attributes:
        domain: its name.
        samples: how many there are.
        changed: share of the answers that are others now, over all models.
        fits: what fits -> mean difference and its 95 % interval over samples, in nats.
    """

    domain: str
    samples: int
    changed: float
    fits: Mapping[str, tuple[float, float, float]]

    @property
    def worse(self) -> tuple[str, ...]:
        """What fits worse, beyond noise."""
        return tuple(name for name, (_, _, high) in self.fits.items() if high < 0)

    def __str__(self) -> str:
        told = [f"{self.changed:.1%} of {self.samples:,} answers change"]
        for name, (mean, low, high) in self.fits.items():
            if high < 0 or low > 0:
                ends = f"[{format_score(low)}, {format_score(high)}]"
                how = "worse" if high < 0 else "better"
                told.append(f"{name} fit {how} ({format_score(mean, signed=True)} {ends})")
        return "; ".join(told)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        fits = {name: list(figures) for name, figures in self.fits.items()}
        return {"samples": self.samples, "changed": self.changed, "fits": fits}


def changes(now: Mapping[str, Unlabelled], then: Mapping[str, Unlabelled]) -> dict[str, Change]:
    """Two runs on the same samples with as many models -> domain -> what differs.

    Domains that only one has, or whose samples differ, are left out.
    """
    return {
        name: _change(name, held, then[name])
        for name, held in now.items()
        if name in then
        and held.samples == then[name].samples
        and held.answers.shape == then[name].answers.shape
    }


def write_unlabelled(folder: Path, domains: Mapping[str, Unlabelled]) -> None:
    """Keep what a run says of its domains."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    described = []
    for row, (name, held) in enumerate(domains.items()):
        tensors[f"{row}.answers"] = held.answers
        tensors |= {f"{row}.fits.{what}": values for what, values in held.fits.items()}
        described.append({"name": name, "samples": held.samples, "texts": [*held.texts]})
    metadata = {"domains": json.dumps(described)}
    write_atomically(folder / UNLABELLED, tensor_bytes(tensors, metadata=metadata))


def read_unlabelled(folder: Path) -> dict[str, Unlabelled]:
    """Folder of a run -> domain -> what the run says of it; nothing where it keeps nothing.

    Raises:
        RunError: the file is damaged.
    """
    path = folder / UNLABELLED
    if not path.is_file():
        return {}
    try:
        with safe_open(path, framework="np") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            described = json_value(file.metadata()["domains"])
        return {held["name"]: _held(row, held, tensors) for row, held in enumerate(described)}
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise RunError(
            f"{path}: not what a run says of its samples ({error})",
            cure="restore the file from a copy, or make the run again",
        ) from error


def _held(row: int, described: Mapping[str, Any], tensors: Mapping[str, Any]) -> Unlabelled:
    prefix = f"{row}.fits."
    fits = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
    answers, texts = tensors[f"{row}.answers"], [*map(str, described["texts"])]
    if answers.ndim != 2 or (answers.size and not 0 <= answers.min() <= answers.max() < len(texts)):
        raise ValueError("answers are no rows of the texts")
    if any(values.shape != answers.shape[1:] for values in fits.values()):
        raise ValueError("fits are not of the samples")
    return Unlabelled(str(described["samples"]), texts, answers, fits)


def _change(domain: str, now: Unlabelled, then: Unlabelled) -> Change:
    texts = (np.array(held.texts, dtype=str)[held.answers] for held in (now, then))
    changed = np.not_equal(*texts)
    fits = {}
    for what in now.fits.keys() & then.fits.keys():
        gain = now.fits[what] - then.fits[what]
        low, high = interval(bootstrap_means(gain[None]))
        fits[what] = float(gain.mean()), low, high
    ordered = {what: fits[what] for what in now.fits if what in fits}
    return Change(domain, changed.shape[-1], float(changed.mean()), ordered)
