"""kgtransfer: what experts know, written as an ontology, made to work in a fine-tuned model.

Every public name is loaded on first use, so that `import kgtransfer` and light commands never
pay for torch. What is not here is a name of its room: `kgt.conditioning.FiLM`,
`kgt.images.CellMeasurer`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer import classification as classification
    from kgtransfer import code as code
    from kgtransfer import conditioning as conditioning
    from kgtransfer import embedding as embedding
    from kgtransfer import experiments as experiments
    from kgtransfer import grounding as grounding
    from kgtransfer import images as images
    from kgtransfer import knowledge as knowledge
    from kgtransfer import link_prediction as link_prediction
    from kgtransfer import nodes as nodes
    from kgtransfer import retrieval as retrieval
    from kgtransfer import runs as runs
    from kgtransfer import store as store
    from kgtransfer.backbones.text import TextEncoder as TextEncoder
    from kgtransfer.code.data import read_code as read_code
    from kgtransfer.code.grounder import CodeGrounder as CodeGrounder
    from kgtransfer.code.task import CodeSearchTask as CodeSearchTask
    from kgtransfer.conditioning.attachment import condition as condition
    from kgtransfer.conditioning.gate_values import gates as gates
    from kgtransfer.embedding import embed as embed
    from kgtransfer.embedding.concepts import ConceptEmbeddings as ConceptEmbeddings
    from kgtransfer.errors import KgTransferError as KgTransferError
    from kgtransfer.experiments.arms import Arm as Arm
    from kgtransfer.experiments.results import RunResult as RunResult
    from kgtransfer.grounding.base import Grounding as Grounding
    from kgtransfer.grounding.collate import collate as collate
    from kgtransfer.grounding.measured import MeasuredGrounder as MeasuredGrounder
    from kgtransfer.images.backbone import VisionBackbone as VisionBackbone
    from kgtransfer.images.image_data import read_images as read_images
    from kgtransfer.images.task import ImageTask as ImageTask
    from kgtransfer.kinds import load as load
    from kgtransfer.knowledge.check.validate import check as check
    from kgtransfer.knowledge.diff.diff import diff as diff
    from kgtransfer.knowledge.graph import KnowledgeGraph as KnowledgeGraph
    from kgtransfer.knowledge.io.ontology import read_ontology as read_ontology
    from kgtransfer.nodes.data.reading import read_nodes as read_nodes
    from kgtransfer.nodes.task import NodeTask as NodeTask
    from kgtransfer.retraining import retrain as retrain
    from kgtransfer.runs.experiment import experiment as experiment
    from kgtransfer.store import connect as connect

__version__ = "0.1.0"

# Public name -> the module that defines it; the imports above say the same to type checkers.
_HOME = {
    "Arm": "kgtransfer.experiments.arms",
    "CodeGrounder": "kgtransfer.code.grounder",
    "CodeSearchTask": "kgtransfer.code.task",
    "ConceptEmbeddings": "kgtransfer.embedding.concepts",
    "Grounding": "kgtransfer.grounding.base",
    "ImageTask": "kgtransfer.images.task",
    "KgTransferError": "kgtransfer.errors",
    "KnowledgeGraph": "kgtransfer.knowledge.graph",
    "MeasuredGrounder": "kgtransfer.grounding.measured",
    "NodeTask": "kgtransfer.nodes.task",
    "RunResult": "kgtransfer.experiments.results",
    "TextEncoder": "kgtransfer.backbones.text",
    "VisionBackbone": "kgtransfer.images.backbone",
    "check": "kgtransfer.knowledge.check.validate",
    "collate": "kgtransfer.grounding.collate",
    "condition": "kgtransfer.conditioning.attachment",
    "connect": "kgtransfer.store",
    "diff": "kgtransfer.knowledge.diff.diff",
    "embed": "kgtransfer.embedding",
    "experiment": "kgtransfer.runs.experiment",
    "gates": "kgtransfer.conditioning.gate_values",
    "load": "kgtransfer.kinds",
    "read_code": "kgtransfer.code.data",
    "read_images": "kgtransfer.images.image_data",
    "read_nodes": "kgtransfer.nodes.data.reading",
    "read_ontology": "kgtransfer.knowledge.io.ontology",
    "retrain": "kgtransfer.retraining",
}
_ROOMS = (
    "classification",
    "code",
    "conditioning",
    "embedding",
    "experiments",
    "grounding",
    "images",
    "knowledge",
    "link_prediction",
    "nodes",
    "retrieval",
    "runs",
    "store",
)

__all__ = ["__version__", *_HOME]  # noqa: PLE0604  # the names are strings
_load = lazy_names(__name__, _HOME)


def __getattr__(name: str) -> Any:
    """Load a public name, or a room of the house, on first use."""
    return import_module(f"{__name__}.{name}") if name in _ROOMS else _load(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ROOMS})
