"""A model's tensors, carried over to what an edited ontology tells apart and grounds on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from kgtransfer.conditioning.attachment import Conditioned
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from kgtransfer.classification.samples import Samples
    from kgtransfer.images.head import ClassHead
    from kgtransfer.images.network import ClassNetwork

__all__ = ["transferred_activations", "transferred_state"]

WHOLE, ANEW = -1, -2  # instead of an axis: no relation's own; nobody knows whose


def transferred_state(
    state: Mapping[str, Tensor],
    network: ClassNetwork,
    labels: tuple[Sequence[str], Sequence[str]],
    relations: tuple[Sequence[str], Sequence[str]],
) -> dict[str, Tensor]:
    """The state of a network of the old form as one of the new form.

    A label's row of the head and a relation's weights in a conditioner are told by their names;
    new ones start as an untrained network's do, the head's at zero. A conditioner that does not say
    which of its weights belong to a relation starts anew where relations changed, and that is said.

    Args:
        state: of the old network.
        network: of the new form, untrained.
        labels: of the head's rows, before and after.
        relations: of the grounding, before and after.
    """
    fresh = network.state_dict()
    tensors = {k: state[k] if _fits(state.get(k), v) else v for k, v in fresh.items()}
    head = {id(parameter) for parameter in network.backbone.get_classifier().parameters()}
    axes = _relation_axes(network, is_same=list(relations[0]) == list(relations[1]))
    for name, parameter in network.named_parameters():
        if id(parameter) in head:
            tensors[name] = _taken(state[name], labels, torch.zeros_like(parameter))
        elif (axis := axes.get(id(parameter), WHOLE)) == ANEW:
            tensors[name] = fresh[name]
        elif axis != WHOLE:
            old, new = (
                _parts(weight.detach().movedim(axis, 0), len(names))
                for weight, names in zip((state[name], parameter), relations, strict=True)
            )
            tensors[name] = _taken(old, relations, new).flatten(0, 1).movedim(0, axis)
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


def _relation_axes(network: ClassNetwork, *, is_same: bool) -> dict[int, int]:
    """Identity of each parameter of a conditioner that depends on the relations -> its axis.

    Args:
        network: with conditioners, or without.
        is_same: whether relations are what they were.
    """
    axes = dict[int, int]()
    conditioners = network.model.conditioners if isinstance(network.model, Conditioned) else []
    for module in conditioners:
        known = getattr(module, "by_relation", None)
        if known is None and not is_same:
            say(
                f"conditioner {type(module).__name__} starts anew: relations changed, and it does "
                "not say which of its weights belong to them (by_relation)"
            )
        for name, parameter in module.named_parameters():
            if known is not None:
                axes[id(parameter)] = known.get(name, WHOLE)
            elif not is_same:
                axes[id(parameter)] = ANEW
    return axes


def _parts(weight: Tensor, count: int) -> Tensor:
    """`[count * n, ...]` -> `[count, n, ...]`."""
    return weight.reshape(count, len(weight) // max(count, 1), *weight.shape[1:])


def _taken(old: Tensor, names: tuple[Sequence[str], Sequence[str]], new: Tensor) -> Tensor:
    """Rows by name: the old one where there was one, else the new one's own."""
    before, after = names
    row = {name: index for index, name in enumerate(before)}
    rows = [old[row[name]] if name in row else new[at] for at, name in enumerate(after)]
    return torch.stack(rows).to(new.dtype) if rows else new
