"""`Classifier`: logit terms and a network, fitted one after the other, and their file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_tensors

from kgtransfer.classification.logit_terms import RESTORED_TERMS, AxiomTerm
from kgtransfer.classification.network import Network
from kgtransfer.errors import RunError
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.utils.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.classification.logit_terms import LogitTerm
    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior

    Floats = npt.NDArray[np.float64]

__all__ = ["Classifier"]

N = TypeVar("N", bound=Network)

NETWORK, ORIGIN, ACTIVATIONS, OUTCOME = "network.", "origin.", "activations.", "outcome"


@dataclass(frozen=True)
class Classifier(Generic[N]):
    """A trained arm.

    Attributes:
        outcome: what its answers are, fitted to the samples that it learned from.
        terms: logit terms that come before the network, by name, in the order of fitting.
        network: what was trained; None where the terms alone decide.
        activations: name of a data set -> what the network's frozen layers make of it, where no
            knowledge reaches them.
        origin: those of the network's tensors that edits train on, as the last whole training left
            them; nothing where none was made since.
    """

    outcome: Outcome
    terms: Mapping[str, LogitTerm]
    network: N | None
    activations: Mapping[str, Tensor] = field(default_factory=dict)
    origin: Mapping[str, Tensor] = field(default_factory=dict)

    def parts(self, samples: Samples, name: str = "") -> Floats:
        """`[2, samples, logits]`: the first term's answers, and all that was learned on top.

        Their sum are the answers, logits or numbers; `domain_shift` says how much the second
        counts elsewhere. Without a term the network is the first. A closed gate of axioms is no
        part: the model is then what it is without them, part for part.

        Args:
            samples: to classify.
            name: of their data set, if the network's activations on it are at hand.
        """
        parts = [term(samples) for term in self._open_terms()]
        parts += [self._network_logits(self.network, samples, name)] if self.network else []
        first, *others = parts
        return self.outcome.in_units(np.stack([first, sum(others, np.zeros_like(first))]))

    @property
    def has_axioms(self) -> bool:
        """Whether axioms have a say: their gate is open, and they stand first."""
        return "axioms" in self.terms and bool(self.terms["axioms"].weight)

    def _open_terms(self) -> list[LogitTerm]:
        """All terms but axioms whose gate is closed; these too where there is nothing else."""
        terms = list(self.terms.values())
        opened = [term for term in terms if term.weight or not isinstance(term, AxiomTerm)]
        return opened if opened or self.network else terms

    def with_activations(self, sets: Mapping[str, Samples]) -> Classifier[N]:
        """With the activations of data sets, where knowledge enters the network late."""
        if self.network is None:
            return self
        made = {name: self.network.activations(samples.inputs) for name, samples in sets.items()}
        late = {name: activations for name, activations in made.items() if activations is not None}
        return replace(self, activations={**self.activations, **late})

    def save(self, path: Path) -> None:
        """Write the network's tensors, what the terms learned, origin and activations."""
        state = self.network.state_dict() if self.network else {}
        prefixed = {NETWORK: state, ORIGIN: self.origin, ACTIVATIONS: self.activations}
        tensors = {
            f"{prefix}{name}": value
            for prefix, held in prefixed.items()
            for name, value in held.items()
        }
        states = {OUTCOME: self.outcome.state(), **{n: t.state() for n, t in self.terms.items()}}
        for name, learned in states.items():
            arrays = learned.items()
            tensors |= {f"{name}.{key}": torch.from_numpy(value) for key, value in arrays}
        write_safetensors(path, tensors)

    @classmethod
    def load(
        cls,
        path: Path,
        network: N | None,
        prior: AxiomPrior,
        outcome: Outcome,
        *,
        adapted: Callable[[dict[str, Tensor]], dict[str, Tensor]] | None = None,
    ) -> Classifier[N]:
        """Read what `save` wrote.

        Args:
            path: the file.
            network: of the same form, whose tensors are replaced.
            prior: of the run's axioms.
            outcome: what the run's labels are.
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
            outcome = outcome.restored(_arrays(OUTCOME, tensors))
            terms = {
                name: RESTORED_TERMS[name](_arrays(name, tensors), prior, outcome)
                for name in RESTORED_TERMS
                if _under(f"{name}.", tensors)
            }
        except (SafetensorError, RuntimeError, KeyError, TypeError) as error:
            raise RunError(
                f"{path}: not the model of this run ({error})",
                cure="restore the file from a copy, or make the run again",
            ) from error
        return cls(outcome, terms, network, _under(ACTIVATIONS, tensors), _under(ORIGIN, tensors))

    def _network_logits(self, network: N, samples: Samples, name: str) -> Floats:
        activations = self.activations.get(name)
        if activations is None:
            activations = network.activations(samples.inputs)
        if activations is None:
            return network.predict(samples)
        return network.predict_activations(activations, samples.grounding)


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _arrays(name: str, tensors: Mapping[str, Tensor]) -> dict[str, Floats]:
    return {key: value.numpy() for key, value in _under(f"{name}.", tensors).items()}
