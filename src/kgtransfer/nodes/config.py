"""Settings of `pipelines/graph_control.py`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kgtransfer.config.common import PipelineConfig, SelectConfig
from kgtransfer.config.reading import Section

__all__ = ["GraphControlConfig"]


class NodeDataConfig(Section):
    """Which graph or table of rows, and how its labelled nodes are divided.

    `test` stays empty: nodes are tested on their own graph. The others name columns of a table, see
    `kgtransfer.nodes.data.columns.RowSettings`.
    """

    path: str = "cora_ml.npz"
    test: Literal[""] = ""
    train: float = Field(default=0.1, gt=0.0, lt=1.0)
    label: str = ""
    features: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    id: str = ""
    split: str = ""
    group: str = ""
    edges: str = ""
    missing: Literal["refuse", "mean"] = "refuse"


class FieldsConfig(Section):
    """The vocabulary of attribute graphs, what is known of classes, and the SHACL shapes."""

    files: tuple[str, ...] = ("ontology/attributes.ttl", "ontology/research_fields.ttl")
    shapes: str = "ontology/shapes/attributes.ttl"


class GraphEncoderConfig(Section):
    """The pre-trained encoder: `gcc`, `gcc-without-hindex` or a file of weights.

    `auto` takes the second for graphs named `hindex`, whose like the first has seen.
    """

    weights: str = "auto"
    restart: float = Field(default=0.8, ge=0.0, le=1.0)


class TextConfig(Section):
    """What encodes the names of attributes and classes."""

    name: str = "minilm"
    max_tokens: int = Field(default=64, ge=8, le=8_192)


class MethodConfig(Section):
    """How arms are fitted; see `kgtransfer.nodes.recipe.NodeRecipe`."""

    preset: Literal["", "graphcontrol-2024"] = ""
    protocol: Literal["validated", "paper"] = "validated"
    local: Literal["adjacency", "attributes"] = "adjacency"
    layerwise: bool = False


class GraphControlConfig(PipelineConfig):
    """Everything that decides the result of `pipelines/graph_control.py`."""

    few_labels: tuple[Annotated[int, Field(ge=0, le=1_000_000)], ...] = Field((), max_length=100)
    data: NodeDataConfig = NodeDataConfig()
    ontology: FieldsConfig = FieldsConfig()
    select: SelectConfig = SelectConfig()
    encoder: GraphEncoderConfig = GraphEncoderConfig()
    text: TextConfig = TextConfig()
    method: MethodConfig = MethodConfig()
