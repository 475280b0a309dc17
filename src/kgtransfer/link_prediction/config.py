"""Settings by which a run of link prediction can be read back."""

from __future__ import annotations

from kgtransfer.config.reading import Section

__all__ = ["LinkConfig", "MadeConfig"]


class MadeConfig(Section):
    """How links were made of an ontology; see `kgtransfer.link_prediction.graph_links`."""

    text: str = "minilm"
    seed: int = 0
    name: str = "ontology"


class LinkConfig(Section):
    """Everything that decides the result of a `LinkTask` over an ontology; 0 is the default."""

    pipeline: str = "links"
    models: tuple[str, ...] = ("complex",)
    dim: int = 0
    epochs: int = 0
    budget: str = "0"
    device: str = "cpu"
    data: MadeConfig = MadeConfig()
