"""Exported models as folders that `huggingface_hub` pushes and loads: JSON and safetensors."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as read_tensors
from torch import nn

from kgtransfer.conditioning.axiom_module import AxiomScores, ExpectedNumber
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import KgTransferError, RunError
from kgtransfer.grounding.measured_module import MeasuredValues
from kgtransfer.images.exported.module import ImageModule, ModuleParts
from kgtransfer.images.exported.network import PixelNetwork
from kgtransfer.images.exported.settings import ModuleSettings
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.pixel_grid import blank_backbone
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.utils.files import json_bytes, read_bytes, read_json, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

__all__ = ["CONFIG", "WEIGHTS", "downloaded", "read_module", "write_module"]

DIGEST = "sha256"  # of the weights, in the settings
CONFIG, WEIGHTS, CARD = "config.json", "model.safetensors", "README.md"
AXIOMS: Mapping[str, type[AxiomScores | ExpectedNumber]] = {
    "softmax": AxiomScores,
    "sigmoid": AxiomScores,
    "identity": ExpectedNumber,
}
VECTORS = ".conditioner.embeddings"  # how the name of a conditioner's concept vectors ends


def write_module(module: ImageModule, folder: Path) -> None:
    """Write `config.json`, `model.safetensors`, and `README.md` where the module has a card."""
    write_safetensors(folder / WEIGHTS, module.state_dict(), {"format": "pt"})
    digest = hashlib.sha256(read_bytes(folder / WEIGHTS)).hexdigest()
    config = {**module.settings.model_dump(mode="json"), DIGEST: digest}
    write_atomically(folder / CONFIG, json_bytes(config))
    if module.card:
        write_atomically(folder / CARD, module.card.encode())


def read_module(folder: Path) -> ImageModule:
    """Folder -> the module that was saved; it gives the same logits to the bit.

    Raises:
        RunError: a file is missing or damaged, or the two do not fit.
    """
    config, path = read_json(folder / CONFIG), folder / WEIGHTS
    digest = config.pop(DIGEST, None)
    settings = ModuleSettings.of_json(config, str(folder / CONFIG))
    content = read_bytes(path, str(digest))
    try:
        state = read_tensors(content)
        module = ImageModule(settings, _parts(settings, state))
        module.load_state_dict(state)
        _try(module)
    except RunError:
        raise
    except (
        SafetensorError, KgTransferError, KeyError, IndexError, RuntimeError, TypeError, ValueError
    ) as error:  # fmt: skip
        raise RunError(
            f"{path}: not the model that {CONFIG} beside it describes ({_line(error)})",
            cure="restore both files from a copy, or export the run again",
        ) from error
    card = folder / CARD
    module.card = read_bytes(card).decode(errors="replace") if card.is_file() else ""
    return module.eval()


def downloaded(name: str, options: Mapping[str, Any]) -> Path:
    """Folder of a model, or its name on the hub -> the folder; the hub is asked for a name alone.

    Args:
        name: the folder, or `user/model`.
        options: what `huggingface_hub.snapshot_download` knows: revision, cache_dir, token, ...
    """
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download

    taken = ("revision", "cache_dir", "force_download", "local_files_only", "token")
    chosen = {option: options[option] for option in taken if option in options}
    return Path(snapshot_download(name, allow_patterns=[CONFIG, WEIGHTS, CARD], **chosen))


def _parts(settings: ModuleSettings, state: Mapping[str, Tensor]) -> ModuleParts:
    """Modules of the form that settings and tensors say; weights of the network come later."""
    grounding, axioms = (_under(f"{name}.", state) for name in ("grounding", "axioms"))
    regression = _under("regression.", state)
    return ModuleParts(
        MeasuredValues(grounding) if grounding else None,
        AXIOMS[settings.link](axioms) if axioms else None,
        nn.Linear(*regression["weight"].T.shape) if regression else None,
        _network(settings, state) if settings.architecture else None,
    )


def _network(settings: ModuleSettings, state: Mapping[str, Tensor]) -> PixelNetwork:
    """A network of random weights.

    Raises:
        RunError: its conditioners would be larger than what the file holds.
    """
    vectors = next((v for name, v in state.items() if name.endswith(VECTORS)), torch.zeros(0, 1))
    relations = tuple(settings.attributes)
    if len(relations) * vectors.shape[-1] > sum(tensor.numel() for tensor in state.values()):
        raise RunError(f"{WEIGHTS} is smaller than what {CONFIG} beside it describes")
    network = ClassNetwork.of(
        blank_backbone(settings.architecture, settings.gone, settings.expected),
        len(settings.labels),
        size=settings.size,
        by=settings.by,
        concepts=ConceptEmbeddings(settings.concepts, vectors, {}),
        relations=relations,
        at=settings.at,
        views=settings.views,
    )
    return PixelNetwork(network, settings.attributes)


@torch.no_grad()
def _try(module: ImageModule) -> None:
    """Refuse tensors that fit each other one by one, but not in a forward pass.

    Raises:
        ValueError: the logits are not one a label.
    """
    logits = module(**module.example_inputs(1))
    if logits.shape != (1, len(module.labels)):
        raise ValueError(f"{logits.shape[-1]} logits for {len(module.labels)} labels")


def _under(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


def _line(error: Exception) -> str:
    """The first lines of a message, which may list every tensor of a model."""
    return " ".join(str(error).split())[:300]
