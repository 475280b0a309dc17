"""Forms in which a model of images leaves, by name, and what writes each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.images.exported.folder import write_module
from kgtransfer.images.exported.program import ONNX, require_onnx, write_onnx, write_program
from kgtransfer.report.card import Usage, card_text
from kgtransfer.runs.exporting import require_forms, require_new

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kgtransfer.images.exported.module import ImageModule
    from kgtransfer.images.run import SavedImages

__all__ = ["FORMS", "export_run"]

FORMS: Mapping[str, Callable[[ImageModule, Path], object]] = {
    "hub": write_module,
    "onnx": write_onnx,
    "torch": write_program,
}

CODE = """\
    import torch
    from kgtransfer.images import ImageModule  # pip install "kgtransfer[vision]"

    module = ImageModule.from_pretrained(FOLDER)
    pixels = torch.stack([module.preprocess(file) for file in files])
    logits = module(pixels{measures})
    print(module.describe())
"""


def export_run(
    saved: SavedImages,
    out: Path,
    forms: Sequence[str],
    *,
    labels: int | None = None,
    seed: int = 0,
) -> list[Path]:
    """Write one of a run's models into a new folder.

    Args:
        saved: the run.
        out: the folder.
        forms: keys of `FORMS`.
        labels: per class, that the model learned from; the run's first number by default.
        seed: of the model.

    Returns:
        The files.

    Raises:
        ConfigError: there is no such form or model, or what a form needs is not installed.
        RunError: the folder holds files already.
    """
    writers = require_forms(forms, FORMS)
    if "onnx" in forms:
        require_onnx()
    require_new(out)
    module = saved.module(labels, seed)
    module.card = card_text(saved.result, _usage(module, forms))
    for write in writers:
        write(module, out)
    return sorted(out.iterdir())


def _usage(module: ImageModule, forms: Sequence[str]) -> Usage:
    code = CODE.format(measures=", module.measure(files)" if module.measures else "")
    notes = [f"Labels, in the order of the logits: {', '.join(module.labels)}."]
    if "onnx" in forms:
        notes.append(f"{ONNX} gives the same logits by onnxruntime, within 1e-4.")
    return Usage("kgtransfer", code, tuple(notes))
