"""A run of code search as others use it: a sentence-transformers folder, and vectors by name.

Knowledge enters on the side of the documents alone: the gates move their vectors, and queries pass
the encoder as it is. So the encoder by itself asks, and cosines with the vectors answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors.torch import load_file

from kgtransfer.report.card import Usage, card_text
from kgtransfer.runs.exporting import require_forms, require_new
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.utils.files import json_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.index import SearchIndex
    from kgtransfer.code.run import SavedRun

__all__ = ["FORMS", "export_run", "write_encoder", "write_vectors"]

VECTORS, NAMES = "documents.safetensors", "documents.json"

LAYERS = "encoder.layer."  # how transformers names them, after what a model of its own puts first
MODULES = "sentence_transformers.models"  # as all versions of the library read it
PATHS = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}

CODE = f"""\
    import json
    from safetensors.torch import load_file
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(FOLDER)
    vectors = load_file(FOLDER + "/{VECTORS}")["vectors"]  # of the documents, unit length
    names = json.load(open(FOLDER + "/{NAMES}"))["names"]
    scores = vectors @ encoder.encode("read a csv file", convert_to_tensor=True).cpu()
    print([names[row] for row in scores.topk(5).indices])
"""
NOTE = "The knowledge graph is in the vectors of the documents; queries are read without it."
USAGE = Usage("sentence-transformers", CODE, (NOTE,))


def write_encoder(encoder: TextEncoder, folder: Path) -> None:
    """Write an encoder, its trained layers on top of the frozen ones, for sentence-transformers.

    Its vectors differ from the run's by about 1e-3: the run rounds the states between frozen and
    trained layers to bfloat16, where it keeps them.
    """
    encoder.save_pretrained(folder)
    _replace_layers(encoder, folder)
    files: dict[str, object] = {
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"{MODULES}.{name}"}
            for number, (name, path) in enumerate(PATHS.items())
        ],
        "sentence_bert_config.json": {"max_seq_length": encoder.max_tokens, "do_lower_case": False},
        "config_sentence_transformers.json": {"similarity_fn_name": "cosine"},
        f"{PATHS['Pooling']}/config.json": {
            "word_embedding_dimension": encoder.width,
            "pooling_mode_mean_tokens": True,
        },
        f"{PATHS['Normalize']}/config.json": {},
    }
    for name, value in files.items():
        write_atomically(folder / name, json_bytes(value))


def _replace_layers(encoder: TextEncoder, folder: Path) -> None:
    """Put the trained layers in the place of the pre-trained ones, in a folder's weights."""
    model: Any = encoder.frozen.model
    first = len(model.encoder.layer)
    trained = {}
    for name, weights in encoder.layers.state_dict().items():
        layer, _, parameter = name.partition(".")
        trained[f"{LAYERS}{first + int(layer)}.{parameter}"] = weights
    for file in sorted(folder.glob("*.safetensors")):
        stored = load_file(file)
        for name in stored:  # such as bert.encoder.layer.5.output.dense.weight
            key = LAYERS + name.rpartition(LAYERS)[2]
            stored[name] = trained.get(key, stored[name])
        write_safetensors(file, stored, {"format": "pt"})


def write_vectors(index: SearchIndex, folder: Path) -> None:
    """Write vectors `[documents, width]`, conditioned by the graph, and the documents' names."""
    write_safetensors(folder / VECTORS, {"vectors": index.vectors})
    listing = {
        "names": [document.iri.rpartition("/")[2] for document in index.documents],
        "modules": [document.module for document in index.documents],
        "iris": [document.iri for document in index.documents],
    }
    write_atomically(folder / NAMES, json_bytes(listing))


def _hub(saved: SavedRun, folder: Path) -> None:
    write_encoder(saved.index.encoder, folder)
    write_vectors(saved.index, folder)
    write_atomically(folder / "README.md", card_text(saved.result, USAGE).encode())


FORMS: Mapping[str, Callable[[SavedRun, Path], None]] = {"hub": _hub}


def export_run(saved: SavedRun, out: Path, forms: Sequence[str]) -> list[Path]:
    """Write a run's encoder and document vectors into a new folder.

    Args:
        saved: the run.
        out: the folder.
        forms: keys of `FORMS`.

    Returns:
        The files.

    Raises:
        ConfigError: there is no such form.
        RunError: the folder holds files already.
    """
    writers = require_forms(forms, FORMS)
    require_new(out)
    for write in writers:
        write(saved, out)
    return sorted(path for path in out.rglob("*") if path.is_file())
