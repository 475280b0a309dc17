"""What classification asks of a network and of its learner; kinds of sample implement both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.classification.inputs import Inputs
    from kgtransfer.classification.samples import Samples
    from kgtransfer.grounding.base import Grounding

    Floats = npt.NDArray[np.float64]

__all__ = ["FitMethod", "Learner", "M", "Network"]


class FitMethod(Protocol):
    """What classification reads of an arm's method; its `repr` tells methods apart."""

    @property
    def terms(self) -> tuple[str, ...]:
        """Logit terms that come before the network, keys of `LOGIT_TERMS`, in order of fitting."""
        ...

    @property
    def shuffled(self) -> bool:
        """Whether the knowledge is shuffled: the placebo."""
        ...

    @property
    def ignores_domain_shift(self) -> bool:
        """Whether what was learned counts in full in every domain."""
        ...

    @property
    def has_network(self) -> bool:
        """Whether a network is trained; else the logit terms alone decide."""
        ...

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference."""
        ...

    @property
    def is_quick(self) -> bool:
        """Whether a fit takes no gradient step through a network."""
        ...

    @property
    def adapts(self) -> str:
        """How what was learned goes on learning on each test set, without its labels.

        "self_training" or "label_propagation", see `Adaptation`; empty where it does not.
        """
        ...

    @property
    def chosen(self) -> bool:
        """Whether the strongest candidate without knowledge stands beside what it says."""
        ...

    def with_candidate(self, candidate: Any, /) -> Self:
        """A method whose `chosen` is a candidate."""
        ...


M = TypeVar("M", bound=FitMethod)
M_contra = TypeVar("M_contra", bound=FitMethod, contravariant=True)


class Network(Protocol):
    """A trained network: inputs and grounding of samples -> logits."""

    def predict(self, samples: Samples) -> Floats:
        """Logits `[samples, classes]`."""
        ...

    def activations(self, inputs: Inputs) -> Tensor | None:
        """What its frozen layers make of inputs, `[samples, ...]`: the same whatever is known.

        None where knowledge reaches these layers.
        """
        ...

    def predict_activations(self, activations: Tensor, grounding: Grounding) -> Floats:
        """As `predict`, from activations."""
        ...

    def state_dict(self) -> Mapping[str, Tensor]:
        """Its tensors by name."""
        ...

    def load_state_dict(self, state_dict: Mapping[str, Tensor], /) -> Any:
        """Replace its tensors."""
        ...


class Learner(Protocol[M_contra]):
    """Builds networks and trains them beside logits that stay as they are."""

    @property
    def hash(self) -> str:
        """Digest of all that a training depends on, method, samples and seed aside."""
        ...

    @property
    def features_hash(self) -> str:
        """Digest of all that `features` depends on, samples aside."""
        ...

    def train(self, method: M_contra, samples: Samples, offset: Floats, seed: int) -> Network:
        """Few labelled samples -> a trained network.

        Args:
            method: what of the network is trained, and how knowledge enters it.
            samples: with labels.
            offset: `[samples, classes]` logits of the terms before it; they stay as they are.
            seed: of initialisation, batches and random views.
        """
        ...

    def features(self, samples: Samples) -> Floats:
        """`[samples, width]`, as pre-trained: what domains are told apart by."""
        ...

    def regressed(self, method: M_contra, samples: Samples) -> Floats | None:
        """`[samples, width]` that a method's network is a regression on; None where it is none."""
        ...
