"""Settings of `pipelines/code_search.py`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from kgtransfer.config.common import OntologyConfig, PipelineConfig, Rate, Seed, SelectConfig
from kgtransfer.config.reading import Section

__all__ = [
    "CodeOntologyConfig",
    "CodeSearchConfig",
    "DataConfig",
    "EmbeddingConfig",
    "EncoderConfig",
    "TrainingConfig",
]


class DataConfig(Section):
    """Which source code: a folder, a file, an installed Python package, or `stdlib`; or pairs.

    `languages` are those to read, all known ones where none is named; `packages` narrows the
    standard library or a folder down; `test` is another source to search.

    Of a file of queries and code, `graph` is what is known of it, `kind` that of its code, `scored`
    the split that is searched, and `query` and `code` are the names of its columns.

    `generator` is a model that writes the queries to adapt on, in place of those by rule.
    """

    path: str = "stdlib"
    test: str = ""
    packages: tuple[str, ...] = ()
    split_seed: Seed = 0
    languages: tuple[str, ...] = ()
    graph: str = ""
    kind: str = ""
    scored: Literal["test", "dev"] = "test"
    query: str = "query"
    code: str = "code"
    generator: str = ""


class CodeOntologyConfig(OntologyConfig):
    """The vocabulary, its shapes, and `files`: what people say beside the generated graph."""

    files: tuple[str, ...] = ()

    def sources(self, vocabulary: str) -> tuple[str, ...]:
        """All that people wrote; the vocabulary is that of the data where none is named."""
        return (self.vocabulary or vocabulary, *self.files)


class EmbeddingConfig(Section):
    """How the concepts are embedded."""

    model: str | None = "complex"  # empty: texts alone
    dim: int = Field(default=128, ge=2, le=4_096)
    epochs: int | None = Field(default=None, ge=1, le=100_000)
    quick: bool = False
    seed: Seed = 0

    @field_validator("model")
    @classmethod
    def _none_of(cls, model: str | None) -> str | None:
        return model or None


class EncoderConfig(Section):
    """The pre-trained encoder: a bundled name or a model folder."""

    name: str = "minilm"
    trained_layers: int = Field(default=2, ge=1, le=1_000)
    max_tokens: int = Field(default=128, ge=8, le=8_192)


class TrainingConfig(Section):
    """Settings of fine-tuning, the same for every arm."""

    epochs: int = Field(default=1, ge=1, le=10_000)
    label_epochs: int = Field(default=4, ge=1, le=10_000)
    adaptation: int = Field(default=1024, ge=32, le=10_000_000)
    batch_size: int = Field(default=32, ge=2, le=100_000)
    negatives: Rate = 0.25
    siblings: bool = False
    round_trip: int = Field(default=0, ge=0)
    encoder_lr: Rate = Field(default=1e-4, gt=0.0)
    gate_steps: int = Field(default=200, ge=1, le=1_000_000)
    context_lr: Rate = 2e-2
    gate_lr: Rate = 2e-2
    gate_lr_beside_context: Rate = 5e-4
    projection_lr: Rate = 1e-3
    weight_decay: Rate = 0.01


class CodeSearchConfig(PipelineConfig):
    """Everything that decides the result of `pipelines/code_search.py`.

    Where `show_queries` is given, those of so many pieces of code are shown, and nothing is done.
    """

    data: DataConfig = DataConfig()
    ontology: CodeOntologyConfig = CodeOntologyConfig()
    select: SelectConfig = SelectConfig()
    embedding: EmbeddingConfig = EmbeddingConfig()
    encoder: EncoderConfig = EncoderConfig()
    training: TrainingConfig = TrainingConfig()
    show_queries: int = Field(default=0, ge=0, le=1_000_000)
    settings: tuple[Literal["named", "masked"], ...] = Field(("named", "masked"), min_length=1)

    def with_vocabulary(self, vocabulary: str) -> CodeSearchConfig:
        """The same, which names the vocabulary of its data where it named none.

        A run says what its ontology was read from: an edit is looked for there.
        """
        named = {"vocabulary": self.ontology.vocabulary or vocabulary}
        return self.model_copy(update={"ontology": self.ontology.model_copy(update=named)})

    @classmethod
    def for_data(cls, path: str) -> dict[str, str]:
        """The packages are those of the standard library: another source has its own."""
        return {"data.path": path} | ({} if path == "stdlib" else {"data.packages": "[]"})
