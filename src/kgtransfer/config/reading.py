"""Settings of a run: TOML read into frozen models; one pass names every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from kgtransfer.bounded import read_packed, toml_values
from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Section", "read_config", "write_config"]

MAX_BYTES = 4 * 2**20
"""Largest file of settings read."""


class Section(BaseModel):
    """A frozen group of settings that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
        values = toml_values(read_packed(path, MAX_BYTES).decode())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", cure="check the path") from error
    except ValueError as error:
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
            cure=f"settings are: {', '.join(schema.model_fields)}",
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
        values[name] = toml_values(f"value = {text}")["value"]
    except ValueError:
        values[name] = text


def _toml(value: Any) -> str:
    """TOML and JSON write booleans, numbers, texts and lists of them alike."""
    import json

    return json.dumps(value, ensure_ascii=False)
