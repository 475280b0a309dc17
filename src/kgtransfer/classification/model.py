"""A trained classifier of images, and its file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_tensors

from kgtransfer.classification.logit_terms import RESTORED_TERMS
from kgtransfer.errors import RunError
from kgtransfer.images.head import ClassHead
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.utils.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.classification.logit_terms import LogitTerm
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.images.network import ClassNetwork

    Floats = npt.NDArray[np.float64]

__all__ = ["Classifier"]

NETWORK, ORIGIN, ACTIVATIONS = "network.", "origin.", "activations."


@dataclass(frozen=True)
class Classifier:
    """A trained arm.

    Attributes:
        experts: what is known before the network looks, by name, in the order of fitting.
        network: the trained module; None where the experts alone decide.
        activations: name of a data set -> what the network's trunk makes of it, where no knowledge
            reaches the trunk.
        origin: those of the network's tensors that edits train on, as the last whole training left
            them; nothing where none was made since.
    """

    experts: Mapping[str, LogitTerm]
    network: ClassNetwork | None
    activations: Mapping[str, Tensor] = field(default_factory=dict)
    origin: Mapping[str, Tensor] = field(default_factory=dict)

    def parts(self, samples: Samples, name: str = "") -> Floats:
        """`[2, samples, classes]`: what the first expert says, and all that was learned on top.

        Their sum are the logits; `domain_shift` says how far to believe
        the second.
        Without an expert the network is the first.

        Args:
            samples: to classify.
            name: of their data set, if the network's activations on it are at hand.
        """
        parts = [expert(samples) for expert in self.experts.values()]
        parts += [self._network_says(samples, name)] if self.network else []
        first, *others = parts
        return np.stack([first, sum(others, np.zeros_like(first))])

    def seen(self, sets: Mapping[str, Samples]) -> Classifier:
        """With the activations of data sets, where knowledge enters the network late."""
        head = ClassHead.of(self.network) if self.network else None
        if head is None:
            return self
        found = {name: head.activations(samples.pixels) for name, samples in sets.items()}
        return replace(self, activations={**self.activations, **found})

    def save(self, path: Path) -> None:
        """Write the network's tensors, what the experts learned, origin and activations."""
        state = self.network.state_dict() if self.network else {}
        parts = {NETWORK: state, ORIGIN: self.origin, ACTIVATIONS: self.activations}
        tensors = {f"{part}{name}": v for part, of in parts.items() for name, v in of.items()}
        for name, expert in self.experts.items():
            learned = expert.state().items()
            tensors |= {f"{name}.{key}": torch.from_numpy(value) for key, value in learned}
        write_safetensors(path, tensors)

    @classmethod
    def load(
        cls,
        path: Path,
        network: ClassNetwork | None,
        prior: AxiomPrior,
        *,
        adapted: Callable[[dict[str, Tensor]], dict[str, Tensor]] | None = None,
    ) -> Classifier:
        """Read what `save` wrote.

        Args:
            path: the file.
            network: of the same form, whose tensors are replaced.
            prior: of the run's axioms.
            adapted: makes the network's state of that in the file: of the origin, where there is
                one, and by default of the network as it is.

        Raises:
            RunError: the file is missing, damaged, or of another network.
        """
        try:
            tensors = read_tensors(read_bytes(path))
            if network:
                state, origin = _under(NETWORK, tensors), _under(ORIGIN, tensors)
                network.load_state_dict(adapted({**state, **origin}) if adapted else state)
            experts = {
                name: RESTORED_TERMS[name](_arrays(name, tensors), prior)
                for name in RESTORED_TERMS
                if _under(f"{name}.", tensors)
            }
        except (SafetensorError, RuntimeError, KeyError, TypeError) as error:
            raise RunError(
                f"{path}: not the model of this run ({error})",
                cure="restore the file from a copy, or make the run again",
            ) from error
        return cls(experts, network, _under(ACTIVATIONS, tensors), _under(ORIGIN, tensors))

    def _network_says(self, samples: Samples, name: str) -> Floats:
        assert self.network is not None
        head = ClassHead.of(self.network)
        if head is None:
            return self.network.predict(samples)
        kept = self.activations.get(name)
        seen = head.activations(samples.pixels) if kept is None else kept
        return head.predict(seen, samples.grounding)


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _arrays(name: str, tensors: Mapping[str, Tensor]) -> dict[str, Floats]:
    return {key: value.numpy() for key, value in _under(f"{name}.", tensors).items()}
