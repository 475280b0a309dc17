"""`condition`: a pre-trained module plus knowledge is an ordinary module again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from torch import Tensor, nn

from kgtransfer.conditioning.attention import ConceptAttention
from kgtransfer.conditioning.film import FiLM
from kgtransfer.conditioning.gates import RelationGates
from kgtransfer.conditioning.sites import channel_axis, site_widths, submodule
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.grounding.base import require_same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.grounding.base import GroundedOn, Grounding

__all__ = ["CONDITIONERS", "Conditioned", "MakeConditioner", "Site", "condition"]

MakeConditioner: TypeAlias = Callable[[Tensor, Sequence[str], int], nn.Module]
"""E `[concepts, d]`, the relations and the channels of x -> a module that is called with x
`[batch, ..., channels]` and the batch's `Grounding`, and gives what x becomes. Where the module has
`by_relation`, the name of each of its parameters with equal parts for the relations -> the axis
along which they lie, a retraining carries a relation's weights over by its name."""

CONDITIONERS: Mapping[str, MakeConditioner] = {
    "attention": ConceptAttention,
    "film": FiLM,
    "gates": RelationGates,
}


class _KeyedVectors(Protocol):
    """What `ConceptEmbeddings` are: a vector for each IRI."""

    @property
    def iris(self) -> tuple[str, ...]: ...

    @property
    def vectors(self) -> Tensor: ...


def condition(
    backbone: nn.Module,
    concepts: _KeyedVectors,
    grounder: GroundedOn,
    *,
    by: str | MakeConditioner | nn.Module = "gates",
    at: str | Sequence[str] = "",
    width: int | Mapping[str, int] | None = None,
    example: Any = None,
) -> Conditioned:
    """Attach a conditioner to the outputs of some of a backbone's modules.

    Concepts are told by their IRIs alone. The vectors may come in another order than the grounder's
    concepts, and there may be more of them: each of the grounder's concepts gets its own vector,
    once, here. From then on every grounding that the model is given must have the grounder's
    concepts and relations in the grounder's order; another one is an error, for its columns would
    be taken for other concepts.

    Args:
        backbone: any module; it is used as it is, not copied.
        concepts: vectors by IRI, E.
        grounder: what samples will be grounded by.
        by: a key of `CONDITIONERS`; or a class or function of your own, called as
            `MakeConditioner` says at each site; or a module of your own, used as it is: row i of
            the vectors that it holds must then be that of `grounder.concepts[i]`.
        at: dotted name, or names, of the submodules whose outputs are conditioned; "" is the
            backbone.
        width: channels of these outputs, one number or one by name; by default found out, from the
            backbone's `width` or by running an example through.
        example: the input of that run, a tensor or a tuple of the inputs, of one sample; by default
            an image of the size that a timm model is made for.

    Raises:
        ConfigError: no conditioner or submodule of that name, a width that cannot be found out, no
            site, or a backbone that is conditioned already.
        DataError: a concept of the grounder has no vector, or is named twice.
    """
    names = (at,) if isinstance(at, str) else tuple(at)
    if not names or any(isinstance(module, Conditioned) for module in backbone.modules()):
        raise ConfigError(
            "the backbone is conditioned already" if names else "no site to condition",
            cure='name all sites at once: at=["layer3", "layer4"]',
        )
    vectors = _vectors(concepts, tuple(grounder.concepts))
    relations = tuple(grounder.relations)
    if isinstance(by, nn.Module):
        return Conditioned(backbone, dict.fromkeys(names, by), grounder)
    if not callable(by) and by not in CONDITIONERS:
        raise ConfigError(
            f"no conditioner {by!r}",
            cure=f"choose one of: {', '.join(sorted(CONDITIONERS))}; or give one of your own",
        )
    make = by if callable(by) else CONDITIONERS[by]
    widths = site_widths(backbone, names, width, example)
    conditioners = {name: make(vectors, relations, widths[name]) for name in names}
    return Conditioned(backbone, conditioners, grounder)


def _vectors(concepts: _KeyedVectors, iris: tuple[str, ...]) -> Tensor:
    """Vectors `[iris, d]`, in the order of the IRIs."""
    if iris == concepts.iris:
        return concepts.vectors
    row_of = {iri: row for row, iri in enumerate(concepts.iris)}
    if lacking := [iri for iri in iris if iri not in row_of]:
        others = f", nor have {len(lacking) - 1} others" if len(lacking) > 1 else ""
        raise DataError(
            f"the grounder's concept <{lacking[0]}> has no vector{others}",
            cure="embed all that it grounds on: kgt.embed(graph, select=grounder.concepts)",
        )
    if len(set(iris)) < len(iris):
        twice = next(iri for row, iri in enumerate(iris) if iri in iris[:row])
        raise DataError(
            f"the grounder names the concept <{twice}> twice", cure="name each concept once"
        )
    return concepts.vectors[[row_of[iri] for iri in iris]]


class Conditioned(nn.Module):
    """A backbone whose chosen outputs pass through conditioners.

    `forward(*inputs, condition=None, **more)`: without a condition it is the plain backbone.

    Args:
        backbone: any module.
        conditioners: by the dotted name of the submodule whose output each takes.
        grounder: names the concepts and relations that every grounding must have, in their order.
    """

    def __init__(
        self, backbone: nn.Module, conditioners: Mapping[str, nn.Module], grounder: GroundedOn
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.concepts: tuple[str, ...] = tuple(grounder.concepts)
        self.relations: tuple[str, ...] = tuple(grounder.relations)
        layout = getattr(backbone, "output_fmt", "NCHW")
        sites = [Site(name, module, layout) for name, module in conditioners.items()]
        self.sites = nn.ModuleList(sites)
        for site in sites:
            submodule(backbone, site.name).register_forward_hook(site.hook)

    @property
    def _sites(self) -> list[Site]:
        return [site for site in self.sites if isinstance(site, Site)]

    @property
    def conditioners(self) -> list[nn.Module]:
        """The conditioners, in the order of their sites."""
        return [site.conditioner for site in self._sites]

    def forward(self, *inputs: Any, condition: Grounding | None = None, **more: Any) -> Any:
        """The backbone's output, conditioned on the grounding of the same samples.

        `inputs` and `more` are the backbone's own.

        Raises:
            DataError: the grounding has other concepts or relations than the grounder that the
                model was conditioned with, or has them in another order.
        """
        with self.given(condition):
            return self.backbone(*inputs, **more)

    @contextmanager
    def given(self, condition: Grounding | None) -> Iterator[None]:
        """While it lasts, every call of the backbone, or of a part, is so conditioned.

        Raises:
            DataError: as `forward`.
        """
        if condition is not None:
            self.check(condition)
            if getattr(self, "_is_replica", False):
                raise ConfigError(
                    "torch.nn.DataParallel leaves conditions behind",
                    cure="use torch.nn.parallel.DistributedDataParallel",
                )
        for site in self._sites:
            site.grounding = condition
        try:
            yield
        finally:
            for site in self._sites:
                site.grounding = None

    def check(self, grounding: GroundedOn) -> None:
        """Refuse what is not grounded on the model's concepts and relations, in their order.

        Raises:
            DataError: naming the first that differs.
        """
        require_same(grounding, self, "given to a model that was conditioned on others")


class Site(nn.Module):
    """A submodule's output meets a conditioner.

    Args:
        name: dotted name of the submodule.
        conditioner: called with the output, channels last, and the grounding.
        layout: of the backbone's maps, "NCHW" or "NHWC".
    """

    grounding: Grounding | None

    def __init__(self, name: str, conditioner: nn.Module, layout: str) -> None:
        super().__init__()
        self.name, self.layout = name, layout
        self.conditioner = conditioner
        self.grounding = None

    def hook(self, module: nn.Module, inputs: Any, output: Tensor) -> Tensor | None:
        """Forward hook; a bound method, so that it survives deepcopy and pickle.

        Raises:
            DataError: as many samples are not grounded as are in the batch.
        """
        if self.grounding is None:
            return None
        if self.grounding.samples != output.shape[0]:
            raise DataError(
                f"{self.grounding.samples} grounded samples condition a batch of {len(output)}",
                cure="ground the samples of the batch, in its order",
            )
        axis = channel_axis(output, self.layout)
        grounding = self.grounding.to(output.device)
        moved: Tensor = self.conditioner(output.movedim(axis, -1), grounding)
        return moved.movedim(-1, axis)
