"""Files of a run of protocol 1, in a copy of its folder -> the same under today's names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.utils.files import json_bytes, read_json, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kgtransfer.runs.migration.names import Names

__all__ = ["name_concepts", "rename_settings", "rename_tensors", "rename_worth"]


def rename_settings(path: Path, names: Names) -> None:
    """Settings of run.toml under the names that they have now."""
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    for old, new in names.settings.items():
        text = re.sub(rf"(?m)^{old}(?=\s*=)", new, text)
    write_atomically(path, text.encode())


def name_concepts(folder: Path) -> None:
    """The concepts of a search index, which protocol 1 told by their rows alone."""
    listing = folder / "documents.json"
    if listing.is_file():
        iris = read_json(folder / "concepts.json")["iris"]
        write_atomically(listing, json_bytes({"concepts": iris, **read_json(listing)}))


def rename_tensors(folder: Path, names: Names) -> None:
    """Tensors of models under the names that they have now."""
    from safetensors.torch import load as read_tensors
    from safetensors.torch import save as tensor_bytes

    for file in sorted(folder.glob("models/*.safetensors")):
        tensors = read_tensors(file.read_bytes())
        renamed = {_begun(name, names.tensors): tensor for name, tensor in tensors.items()}
        if renamed.keys() != tensors.keys():
            write_atomically(file, tensor_bytes(renamed))


def _begun(name: str, starts: Mapping[str, str]) -> str:
    for old, new in starts.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def rename_worth(folder: Path, names: Names) -> None:
    """What `explain` found on a test set, under its name."""
    for old, new in names.tests.items():
        for file in folder.glob(f"worth-{old}.*"):
            file.rename(file.with_stem(f"worth-{new}"))
        if (worth := folder / f"worth-{new}.json").is_file():
            write_atomically(worth, json_bytes({**read_json(worth), "test": new}))
