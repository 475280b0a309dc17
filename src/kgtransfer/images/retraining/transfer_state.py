"""A model's tensors, carried over to what an edited ontology tells apart and grounds on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from kgtransfer.conditioning.attachment import Conditioned
from kgtransfer.conditioning.film import FiLM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from kgtransfer.classification.samples import Samples
    from kgtransfer.images.head import ClassHead
    from kgtransfer.images.network import ClassNetwork

__all__ = ["transferred_activations", "transferred_state"]


def transferred_state(
    state: Mapping[str, Tensor],
    network: ClassNetwork,
    labels: tuple[Sequence[str], Sequence[str]],
    relations: tuple[Sequence[str], Sequence[str]],
) -> dict[str, Tensor]:
    """The state of a network of the old form as one of the new form.

    A label's row of the head and a relation's columns of the conditioner are told by their names;
    new ones start as an untrained network's do, the head's at zero.

    Args:
        state: of the old network.
        network: of the new form, untrained.
        labels: of the head's rows, before and after.
        relations: of the grounding, before and after.
    """
    fresh = network.state_dict()
    tensors = {k: state[k] if _fits(state.get(k), v) else v for k, v in fresh.items()}
    head = {id(parameter) for parameter in network.backbone.get_classifier().parameters()}
    films = _films(network)
    for name, parameter in network.named_parameters():
        if id(parameter) in head:
            tensors[name] = _taken(state[name], labels, torch.zeros_like(parameter))
        elif id(parameter) in films:
            blocks = [
                weight.view(len(weight), -1, films[id(parameter)])
                for weight in (state[name], parameter)
            ]
            old, new = (block.transpose(0, 1).detach() for block in blocks)
            tensors[name] = _taken(old, relations, new).transpose(0, 1).reshape(parameter.shape)
    return tensors


def transferred_activations(
    head: ClassHead, kept: Mapping[str, Tensor], samples: Samples
) -> tuple[Tensor, int]:
    """Activations `[samples, ...]`, and how many had to be made: those of images not kept.

    Args:
        head: of the network whose frozen layers made those that are kept.
        kept: name of an image -> its activations.
        samples: one data set.
    """
    names = samples.names
    lacking = [row for row, name in enumerate(names) if name not in kept]
    made = head.activations(samples.inputs[lacking]) if lacking else torch.empty(0)
    fresh = dict(zip((names[row] for row in lacking), made, strict=True))
    return torch.stack([fresh[name] if name in fresh else kept[name] for name in names]), len(made)


def _fits(old: Tensor | None, new: Tensor) -> bool:
    return old is not None and old.shape == new.shape


def _films(network: ClassNetwork) -> dict[int, int]:
    """Identity of each parameter with a block of columns a relation -> the width of a block."""
    conditioners = network.model.conditioners if isinstance(network.model, Conditioned) else []
    return {
        id(film.hidden.weight): film.embeddings.shape[1]
        for film in conditioners
        if isinstance(film, FiLM)
    }


def _taken(old: Tensor, names: tuple[Sequence[str], Sequence[str]], new: Tensor) -> Tensor:
    """Rows by name: the old one where there was one, else the new one's own."""
    before, after = names
    row = {name: index for index, name in enumerate(before)}
    rows = [old[row[name]] if name in row else new[at] for at, name in enumerate(after)]
    return torch.stack(rows).to(new.dtype)
