"""`condition`: a pre-trained module plus knowledge is an ordinary module again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from torch import Tensor, nn

from kgtransfer.conditioning.attention import ConceptAttention
from kgtransfer.conditioning.film import FiLM
from kgtransfer.conditioning.gates import RelationGates
from kgtransfer.conditioning.sites import channel_axis, submodule
from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kgtransfer.grounding.base import Grounding

__all__ = ["CONDITIONERS", "Conditioned", "condition"]

CONDITIONERS: Mapping[str, Callable[[Tensor, Sequence[str], int], nn.Module]] = {
    "attention": ConceptAttention,
    "film": FiLM,
    "gates": RelationGates,
}


class _HasVectors(Protocol):
    @property
    def vectors(self) -> Tensor: ...


class _HasRelations(Protocol):
    @property
    def relations(self) -> Sequence[str]: ...


def condition(
    backbone: nn.Module,
    concepts: _HasVectors,
    grounder: _HasRelations,
    *,
    width: int | Mapping[str, int],
    by: str = "gates",
    at: Sequence[str] = ("",),
) -> Conditioned:
    """Attach a conditioner to the outputs of some of a backbone's modules.

    Args:
        backbone: any module; it is used as it is, not copied.
        concepts: their `vectors` are E, `[concepts, d]`.
        grounder: names the relations that samples will be grounded by.
        width: channels at the places of attachment; see `widths`.
        by: the conditioner, a key of `CONDITIONERS`.
        at: dotted names of the submodules whose outputs are conditioned; "" is the backbone.

    Raises:
        ConfigError: no conditioner or submodule of that name.
    """
    if by not in CONDITIONERS:
        raise ConfigError(
            f"no conditioner {by!r}", cure=f"choose one of: {', '.join(sorted(CONDITIONERS))}"
        )
    of = dict.fromkeys(at, width) if isinstance(width, int) else width
    relations = tuple(grounder.relations)
    sites = {name: CONDITIONERS[by](concepts.vectors, relations, of[name]) for name in at}
    return Conditioned(backbone, sites)


class Conditioned(nn.Module):
    """A backbone whose chosen outputs pass through conditioners.

    `forward(*inputs, condition=None, **more)`: without a condition it is the plain backbone.
    """

    def __init__(self, backbone: nn.Module, conditioners: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.backbone = backbone
        layout = getattr(backbone, "output_fmt", "NCHW")
        self.sites = nn.ModuleList(_Site(module, layout) for module in conditioners.values())
        for name, site in zip(conditioners, self._sites, strict=True):
            submodule(backbone, name).register_forward_hook(site.hook)

    @property
    def _sites(self) -> list[_Site]:
        return [site for site in self.sites if isinstance(site, _Site)]

    @property
    def conditioners(self) -> list[nn.Module]:
        """The conditioners, in the order of their places."""
        return [site.conditioner for site in self._sites]

    def forward(self, *inputs: Any, condition: Grounding | None = None, **more: Any) -> Any:
        """The backbone's output, conditioned on the grounding of the same samples.

        `inputs` and `more` are the backbone's own.
        """
        with self.given(condition):
            return self.backbone(*inputs, **more)

    @contextmanager
    def given(self, condition: Grounding | None) -> Iterator[None]:
        """While it lasts, the outputs of every call of the backbone, or of a part, are so."""
        for site in self._sites:
            site.given = condition
        try:
            yield
        finally:
            for site in self._sites:
                site.given = None


class _Site(nn.Module):
    """Holds a conditioner and, during one forward pass, the condition that it is given."""

    given: Grounding | None

    def __init__(self, conditioner: nn.Module, layout: str) -> None:
        super().__init__()
        self.conditioner = conditioner
        self.layout = layout
        self.given = None

    def hook(self, module: nn.Module, inputs: Any, output: Tensor) -> Tensor | None:
        """Forward hook; a bound method, so that it survives deepcopy and pickle."""
        if self.given is None:
            return None
        axis = channel_axis(output, self.layout)
        moved: Tensor = self.conditioner(output.movedim(axis, -1), self.given)
        return moved.movedim(-1, axis)
