"""Settings of a run: TOML read into frozen models; one pass names every mistake."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from kgtransfer.errors import ConfigError
from kgtransfer.redaction import holds_secret
from kgtransfer.utils.bounded import read_packed, toml_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

__all__ = ["Origin", "Section", "read_config", "read_settings", "write_config"]

MAX_BYTES = 4 * 2**20
"""Largest file of settings read."""


class Section(BaseModel):
    """A frozen group of settings that refuses what it does not know.

    Values have the very type of their field (`true` is no number) and numbers are finite. Texts
    are kept in the folder of a run, so that none may hold a password.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _harmless(cls, value: Any) -> Any:
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and "\0" in text:
                raise ValueError("a NUL character can be in no name")
            if isinstance(text, str) and holds_secret(text):
                raise ValueError("settings are kept with the run: no user name, password or key")
        return value


@dataclass(frozen=True)
class Origin:
    """Where settings come from, as validators are told: a file, and what was said on top of it.

    Attributes:
        path: of the file.
        overridden: keys of the settings on top, `section.key`.
    """

    path: Path
    overridden: frozenset[str]

    def overrides(self, key: str) -> bool:
        """Whether a setting, or the section that it is in, was said on top of the file."""
        return any(key == other or key.startswith(f"{other}.") for other in self.overridden)


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
    values = read_settings(path)
    for override in overrides:
        _apply(values, override)
    try:
        # As JSON, whose lists may be tuples under strict validation.
        text = json.dumps(values, default=_no_setting)
        keys = frozenset(override.partition("=")[0].strip() for override in overrides)
        return schema.model_validate_json(text, context=Origin(path, keys))
    except ValidationError as error:
        mistakes = "\n".join(
            f"  {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()
        )
        raise ConfigError(
            f"{path}: {error.error_count()} setting(s) are wrong\n{mistakes}",
            cure=_cure(schema, error.errors()),
        ) from error


def _cure(schema: type[BaseModel], mistakes: Sequence[ErrorDetails]) -> str:
    """What to do: of unknown settings, what was meant or which there are."""
    unknown = [mistake["loc"] for mistake in mistakes if mistake["type"] == "extra_forbidden"]
    cures = dict.fromkeys(_meant(schema, place) for place in unknown)
    return "; ".join(cures) or "give each a value of that kind"


def _meant(schema: type[BaseModel], place: tuple[int | str, ...]) -> str:
    """The place of an unknown setting -> the setting that it is like, or all of its section."""
    *section, name = place
    for part in section:
        inner = schema.model_fields[part].annotation if part in schema.model_fields else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return "see the settings of that section"
        schema = inner
    title = f"settings of [{'.'.join(map(str, section))}]" if section else "settings"
    if near := get_close_matches(str(name), schema.model_fields, 1):
        return f"did you mean {'.'.join(map(str, (*section, near[0])))}?"
    return f"{title} are: {', '.join(schema.model_fields)}"


def write_config(config: BaseModel) -> str:
    """A config as TOML that `read_config` reads back."""
    values = config.model_dump(mode="json", exclude_none=True)
    sections = {key: value for key, value in values.items() if isinstance(value, dict)}
    tables = {key: value for key, value in values.items() if _is_tables(value)}
    lines = _pairs({k: v for k, v in values.items() if k not in sections and k not in tables})
    for name, section in sections.items():
        lines += ["", f"[{name}]", *_pairs(section)]
    for name, each in tables.items():
        for table in each:
            lines += ["", f"[[{name}]]", *_pairs(table)]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(table, dict) for table in value)


def _pairs(values: dict[str, Any]) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in values.items()]


def read_settings(path: Path) -> dict[str, Any]:
    """A TOML file -> its values as they stand, not checked against any schema.

    Raises:
        ConfigError: the file cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise ConfigError(f"{path}: is no file", cure="give a file of settings, in TOML")
        return toml_values(read_packed(path, MAX_BYTES).decode())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", cure="check the path") from error
    except ValueError as error:  # no TOML, no UTF-8, too large or deep, a path with NUL
        raise ConfigError(f"{path}: {error}", cure="write valid TOML 1.0 in UTF-8") from error


def _no_setting(value: object) -> dict[str, str]:
    """A date or a time of day as what no setting takes."""
    return {type(value).__name__: str(value)}


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
    return json.dumps(value, ensure_ascii=False)
