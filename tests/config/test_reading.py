"""Settings: TOML, overrides, every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.config import CodeSearchConfig, read_config, write_config
from kgtransfer.errors import ConfigError


def _read(path: Path, text: str, *overrides: str) -> CodeSearchConfig:
    path.write_text(text, encoding="utf-8")
    return read_config(path, CodeSearchConfig, overrides)


def test_overrides_win_and_text_needs_no_quotes(tmp_path: Path) -> None:
    config = _read(
        tmp_path / "a.toml",
        "seeds = 1\n[data]\npath = 'here'",
        "seeds=3",
        "data.path=there",
        "training.encoder_lr=2e-4",
        'arms=["kg"]',
    )
    assert (config.seeds, config.data.path, config.arms) == (3, "there", ("kg",))
    assert config.training.encoder_lr == 2e-4


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        _read(tmp_path / "a.toml", "seeds = 0\n[training]\nepoch = 2\nbatch_size = 'many'")
    message = str(raised.value)
    for place in ("seeds", "training.epoch", "training.batch_size", "3 setting(s)"):
        assert place in message


@pytest.mark.parametrize("text", ["seeds = ", "[data", "seeds = 1\nseeds = 2"])
def test_broken_toml_names_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"a\.toml"):
        _read(tmp_path / "a.toml", text)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        read_config(tmp_path / "none.toml", CodeSearchConfig)


@pytest.mark.parametrize("override", ["seeds", "=3", "seeds.x=3"])
def test_an_override_that_is_none_is_a_clear_error(tmp_path: Path, override: str) -> None:
    with pytest.raises(ConfigError, match=r"setting|section"):
        _read(tmp_path / "a.toml", "seeds = 1", override)


def test_a_written_config_reads_back(tmp_path: Path, repository: Path) -> None:
    config = read_config(repository / "pipelines" / "code_search.toml", CodeSearchConfig)
    assert _read(tmp_path / "b.toml", write_config(config)) == config


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, ".".join("a" * 1000) + " = 1"])
def test_settings_nested_without_end_are_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"a\.toml: nested deeper than 200"):
        _read(tmp_path / "a.toml", text)


def test_an_override_nested_without_end_is_text(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.toml", "", f"data.path={'[' * 100_000}").data.path == "[" * 100_000


def test_a_file_far_too_large_for_settings_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a\.toml: more than 4 MiB"):
        _read(tmp_path / "a.toml", "# a comment\n" * 400_000)
