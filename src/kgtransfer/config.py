"""Settings of a run: TOML read into frozen models; one pass names every mistake."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "CodeSearchConfig",
    "DataConfig",
    "EmbeddingConfig",
    "EncoderConfig",
    "OntologyConfig",
    "SelectConfig",
    "TrainingConfig",
    "read_config",
    "write_config",
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataConfig(_Section):
    """Which Python source: a folder, a file, an installed package, or `stdlib`.

    `packages` narrows the standard library or a folder down; `test` is another source to search.
    """

    path: str = "stdlib"
    test: str = ""
    packages: tuple[str, ...] = ()
    split_seed: int = 0


class OntologyConfig(_Section):
    """The vocabulary that the graph is written in, and its SHACL shapes."""

    vocabulary: str = "ontology/api.ttl"
    shapes: str = "ontology/shapes"


class SelectConfig(_Section):
    """The Cypher query whose first column names the concepts that may condition."""

    cypher: str = "MATCH (c:Resource) RETURN c.uri"


class EmbeddingConfig(_Section):
    """How the concepts are embedded."""

    model: str = "complex"
    dim: int = Field(default=128, ge=2)
    epochs: int | None = Field(default=None, ge=1)
    quick: bool = False
    seed: int = 0


class EncoderConfig(_Section):
    """The pre-trained encoder: a bundled name or a model folder."""

    name: str = "minilm"
    trained_layers: int = Field(default=2, ge=1)
    max_tokens: int = Field(default=128, ge=8)


class TrainingConfig(_Section):
    """Settings of fine-tuning, the same for every arm."""

    epochs: int = Field(default=1, ge=1)
    label_epochs: int = Field(default=4, ge=1)
    adaptation: int = Field(default=1024, ge=32)
    batch_size: int = Field(default=32, ge=2)
    negatives: float = Field(default=0.25, ge=0.0)
    encoder_lr: float = Field(default=1e-4, gt=0.0)
    gate_steps: int = Field(default=200, ge=1)
    reading_lr: float = Field(default=2e-2, ge=0.0)
    gate_lr: float = Field(default=2e-2, ge=0.0)
    gate_lr_beside_reading: float = Field(default=5e-4, ge=0.0)
    projection_lr: float = Field(default=1e-3, ge=0.0)
    weight_decay: float = Field(default=0.01, ge=0.0)


class CodeSearchConfig(_Section):
    """Everything that decides the result of `pipelines/code_search.py`."""

    data: DataConfig = DataConfig()
    ontology: OntologyConfig = OntologyConfig()
    select: SelectConfig = SelectConfig()
    embedding: EmbeddingConfig = EmbeddingConfig()
    encoder: EncoderConfig = EncoderConfig()
    training: TrainingConfig = TrainingConfig()
    seeds: int = Field(default=1, ge=1)
    arms: tuple[str, ...] = ()
    few_labels: tuple[Annotated[int, Field(ge=1)], ...] = ()
    settings: tuple[Literal["named", "masked"], ...] = Field(("named", "masked"), min_length=1)
    device: str = "auto"


Config = TypeVar("Config", bound=BaseModel)


def read_config(path: str | Path, schema: type[Config], overrides: Sequence[str] = ()) -> Config:
    """Read a TOML file, with `key.sub=value` overrides on top.

    Args:
        path: the file.
        schema: the model it must fit.
        overrides: values in TOML; text may stand without quotes.

    Raises:
        ConfigError: the file cannot be read, or settings are unknown or out of range; all of
            them are named at once.
    """
    path = Path(path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", cure="check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}", cure="write valid TOML 1.0 in UTF-8") from error
    for override in overrides:
        _apply(values, override)
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        mistakes = "\n".join(
            f"  {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()
        )
        raise ConfigError(
            f"{path}: {error.error_count()} setting(s) are wrong\n{mistakes}",
            cure=f"settings are: {', '.join(schema.model_fields)}; see docs/code_search.md",
        ) from error


def write_config(config: BaseModel) -> str:
    """A config as TOML that `read_config` reads back."""
    values = config.model_dump(mode="json", exclude_none=True)
    sections = {key: value for key, value in values.items() if isinstance(value, dict)}
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if key not in sections]
    for name, section in sections.items():
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"


def _apply(values: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key.strip():
        raise ConfigError(f"{override!r} is no setting", cure="write --set section.key=value")
    *sections, name = key.strip().split(".")
    for section in sections:
        values = values.setdefault(section, {})
        if not isinstance(values, dict):
            raise ConfigError(f"{override!r}: {section!r} is no section", cure="check the name")
    try:
        values[name] = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        values[name] = text


def _toml(value: Any) -> str:
    """TOML and JSON write booleans, numbers, texts and lists of them alike."""
    import json

    return json.dumps(value, ensure_ascii=False)
