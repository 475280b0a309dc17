"""Settings that pipelines have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kgtransfer.config.reading import Section

__all__ = ["Labels", "OntologyConfig", "PipelineConfig", "Rate", "Seed", "SelectConfig"]

Labels = Annotated[int, Field(ge=1, le=1_000_000)]
"""How many labels an arm learns from."""
Rate = Annotated[float, Field(ge=0.0, le=1_000.0)]
"""A learning rate or another factor."""
Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""A seed that every generator of random numbers takes."""


class OntologyConfig(Section):
    """The vocabulary that the graph is written in, and its SHACL shapes."""

    vocabulary: str = "ontology/api.ttl"
    shapes: str = "ontology/shapes"


class SelectConfig(Section):
    """The Cypher query whose first column names the concepts that may condition."""

    cypher: str = "MATCH (c:Resource) RETURN c.uri"


class PipelineConfig(Section):
    """What the command line of every pipeline can set.

    `pipeline` names the script that reads the settings where none of their own name stands beside
    them.
    """

    pipeline: str = ""
    seeds: int = Field(default=1, ge=1, le=10_000)
    arms: tuple[str, ...] = ()
    few_labels: tuple[Labels, ...] = Field((), max_length=100)
    device: str = "auto"

    @classmethod
    def for_data(cls, path: str) -> dict[str, str]:
        """The settings, in TOML, that `--data` stands for."""
        return {"data.path": path}

    @classmethod
    def for_labels(cls, labels: int) -> dict[str, str]:
        """The settings, in TOML, that `--labels-per-class` stands for."""
        return {"few_labels": f"[{labels}]"}
