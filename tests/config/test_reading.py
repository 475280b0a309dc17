"""Settings: TOML, overrides, every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.code.config import CodeSearchConfig
from kgtransfer.config import read_config, write_config
from kgtransfer.errors import ConfigError
from kgtransfer.images.config import VisionConfig


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


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("seed = 3", "did you mean seeds?"),
        ("[training]\nepochss = 2\n", "did you mean training.epochs?"),
        ("[training]\nzzz = 2\n", "settings of [training] are: "),
        ("zzz = 3", "settings are: pipeline, seeds, "),
        ('seeds = "many"', "give each a value of that kind"),
    ],
)
def test_the_cure_is_about_the_mistake(tmp_path: Path, text: str, cure: str) -> None:
    with pytest.raises(ConfigError) as raised:
        _read(tmp_path / "a.toml", text)
    assert cure in str(raised.value).partition("what to do: ")[2]


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


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("seeds = true", "seeds: Input should be a valid integer"),
        ("seeds = 1.0", "seeds: Input should be a valid integer"),
        ("seeds = 99999999999", "seeds: Input should be less than or equal to 10000"),
        ("seeds = 1979-05-27", "seeds: Input should be a valid integer"),
        ("device = 1979-05-27", "device: Input should be a valid string"),
        ("device = 1", "device: Input should be a valid string"),
        ("device = 'a\\u0000b'", None),
        ('device = "a\\u0000b"', "device: Value error, a NUL character"),
        ('arms = ["kg", "s3://kim:sesame@h"]', "arms: Value error, settings are kept"),
        ("arms = 'kg'", "arms: Input should be a valid array"),
        ("data = 3", "data: Input should be an object"),
        ("[embedding]\nquick = 1", "embedding.quick: Input should be a valid boolean"),
        ("[embedding]\ndim = 1000000000", "embedding.dim: Input should be less"),
        ("[embedding]\nseed = -1", "embedding.seed: Input should be greater"),
        ("[training]\nencoder_lr = nan", "training.encoder_lr: Input should be a finite number"),
        ("[training]\nnegatives = inf", "training.negatives: Input should be a finite number"),
        ("[data]\n[data.path.x]\ny = 1", "data.path: Input should be a valid string"),
    ],
)
def test_settings_of_another_type_are_refused(tmp_path: Path, text: str, place: str | None) -> None:
    if place is None:
        assert _read(tmp_path / "a.toml", text).device == r"a\u0000b"
        return
    with pytest.raises(ConfigError) as raised:
        _read(tmp_path / "a.toml", text)
    assert place in raised.value.message
    assert "sesame" not in str(raised.value)


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, "seeds = " + "9" * 10_000])
def test_a_file_that_is_no_settings(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"a\.toml: "):
        _read(tmp_path / "a.toml", text)


@pytest.mark.parametrize("path", ["/dev/zero", ".", "a\0b"])
def test_a_path_that_is_no_file_of_settings(path: str) -> None:
    with pytest.raises(ConfigError):
        read_config(path, CodeSearchConfig)


def test_integers_do_for_numbers_and_lists_for_tuples(tmp_path: Path) -> None:
    config = _read(tmp_path / "a.toml", "few_labels = [5]\n[training]\nnegatives = 1")
    assert (config.few_labels, config.training.negatives) == ((5,), 1.0)


@pytest.mark.parametrize("shares", ["[0, 0, 0]", "[0.5, 0.5, 0.5]", "[-1, 1, 1]", "[1, 1]"])
def test_shares_that_are_none(tmp_path: Path, shares: str) -> None:
    (tmp_path / "a.toml").write_text(f"[data]\nshares = {shares}")
    with pytest.raises(ConfigError, match=r"data\.shares"):
        read_config(tmp_path / "a.toml", VisionConfig)


@pytest.mark.parametrize(
    ("text", "names"), [('"a,b"', ("a", "b")), ('["a", "b"]', ("a", "b")), ("[]", ()), ('""', ())]
)
def test_further_data_sets_are_a_list_or_names_with_commas(
    tmp_path: Path, text: str, names: tuple[str, ...]
) -> None:
    (tmp_path / "a.toml").write_text(f"[data]\ntest = {text}")
    assert read_config(tmp_path / "a.toml", VisionConfig).data.test == names
