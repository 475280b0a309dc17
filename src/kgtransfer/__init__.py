"""kgtransfer: what experts know, written as an ontology, made to work in a fine-tuned model.

Every public name is loaded on first use, so that `import kgtransfer` and light commands never
pay for torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgtransfer.backbones.precision import pick_device as pick_device
    from kgtransfer.backbones.text import TextEncoder as TextEncoder
    from kgtransfer.cli import run_pipeline as run_pipeline
    from kgtransfer.code.data import read_code as read_code
    from kgtransfer.code.grounder import CodeGrounder as CodeGrounder
    from kgtransfer.code.task import CodeSearchTask as CodeSearchTask
    from kgtransfer.conditioning.attachment import condition as condition
    from kgtransfer.conditioning.axiom_prior import AxiomPrior as AxiomPrior
    from kgtransfer.conditioning.gate_values import gates as gates
    from kgtransfer.conditioning.prior_weight import learned_weight as learned_weight
    from kgtransfer.conditioning.rule_loss import Rules as Rules
    from kgtransfer.embedding import embed as embed
    from kgtransfer.embedding import embedded as embedded
    from kgtransfer.embedding.concepts import ConceptEmbeddings as ConceptEmbeddings
    from kgtransfer.embedding.export import write_parquet as write_parquet
    from kgtransfer.embedding.export import write_word2vec as write_word2vec
    from kgtransfer.errors import KgTransferError as KgTransferError
    from kgtransfer.experiments.arms import Arm as Arm
    from kgtransfer.experiments.arms import choose_arms as choose_arms
    from kgtransfer.experiments.cache import FitCache as FitCache
    from kgtransfer.experiments.results import RunResult as RunResult
    from kgtransfer.grounding.base import Grounding as Grounding
    from kgtransfer.grounding.collate import collate as collate
    from kgtransfer.grounding.measured import MeasuredGrounder as MeasuredGrounder
    from kgtransfer.images.backbone import VisionBackbone as VisionBackbone
    from kgtransfer.images.cells.measurer import CellMeasurer as CellMeasurer
    from kgtransfer.images.image_data import read_images as read_images
    from kgtransfer.images.scenes.measurer import SceneMeasurer as SceneMeasurer
    from kgtransfer.images.synset_prior import synset_prior as synset_prior
    from kgtransfer.images.synsets import SynsetGrounder as SynsetGrounder
    from kgtransfer.images.task import ImageTask as ImageTask
    from kgtransfer.kinds import load as load
    from kgtransfer.knowledge.check.validate import check as check
    from kgtransfer.knowledge.check.validate import require_valid as require_valid
    from kgtransfer.knowledge.diff.diff import diff as diff
    from kgtransfer.knowledge.graph import KnowledgeGraph as KnowledgeGraph
    from kgtransfer.knowledge.io.ontology import read_ontology as read_ontology
    from kgtransfer.knowledge.wordnet import read_wordnet as read_wordnet
    from kgtransfer.nodes.attributes.dataset import attribute_facts as attribute_facts
    from kgtransfer.nodes.attributes.dataset import attribute_knowledge as attribute_knowledge
    from kgtransfer.nodes.attributes.graph import build_attribute_graph as build_attribute_graph
    from kgtransfer.nodes.data.graph import NodeGraph as NodeGraph
    from kgtransfer.nodes.data.graph import read_nodes as read_nodes
    from kgtransfer.nodes.data.splits import random_split as random_split
    from kgtransfer.nodes.encoders.gin import load_gin as load_gin
    from kgtransfer.nodes.recipe import NodeRecipe as NodeRecipe
    from kgtransfer.nodes.task import NodeTask as NodeTask
    from kgtransfer.retraining import retrain as retrain
    from kgtransfer.runs.experiment import experiment as experiment
    from kgtransfer.runs.folder import run_key as run_key
    from kgtransfer.store import connect as connect
    from kgtransfer.store.queries import answer as answer
    from kgtransfer.utils.progress import bar as bar
    from kgtransfer.utils.progress import say as say
    from kgtransfer.utils.resources import resource as resource

__version__ = "0.1.0"

# Public name -> the module that defines it; the imports above say the same to type checkers.
_HOME = {
    "AxiomPrior": "kgtransfer.conditioning.axiom_prior",
    "CellMeasurer": "kgtransfer.images.cells.measurer",
    "CodeGrounder": "kgtransfer.code.grounder",
    "CodeSearchTask": "kgtransfer.code.task",
    "ConceptEmbeddings": "kgtransfer.embedding.concepts",
    "FitCache": "kgtransfer.experiments.cache",
    "Grounding": "kgtransfer.grounding.base",
    "ImageTask": "kgtransfer.images.task",
    "KgTransferError": "kgtransfer.errors",
    "KnowledgeGraph": "kgtransfer.knowledge.graph",
    "MeasuredGrounder": "kgtransfer.grounding.measured",
    "NodeGraph": "kgtransfer.nodes.data.graph",
    "NodeRecipe": "kgtransfer.nodes.recipe",
    "NodeTask": "kgtransfer.nodes.task",
    "Rules": "kgtransfer.conditioning.rule_loss",
    "RunResult": "kgtransfer.experiments.results",
    "SceneMeasurer": "kgtransfer.images.scenes.measurer",
    "SynsetGrounder": "kgtransfer.images.synsets",
    "TextEncoder": "kgtransfer.backbones.text",
    "VisionBackbone": "kgtransfer.images.backbone",
    "answer": "kgtransfer.store.queries",
    "attribute_facts": "kgtransfer.nodes.attributes.dataset",
    "attribute_knowledge": "kgtransfer.nodes.attributes.dataset",
    "bar": "kgtransfer.utils.progress",
    "build_attribute_graph": "kgtransfer.nodes.attributes.graph",
    "check": "kgtransfer.knowledge.check.validate",
    "Arm": "kgtransfer.experiments.arms",
    "choose_arms": "kgtransfer.experiments.arms",
    "collate": "kgtransfer.grounding.collate",
    "condition": "kgtransfer.conditioning.attachment",
    "connect": "kgtransfer.store",
    "diff": "kgtransfer.knowledge.diff.diff",
    "embed": "kgtransfer.embedding",
    "embedded": "kgtransfer.embedding",
    "experiment": "kgtransfer.runs.experiment",
    "gates": "kgtransfer.conditioning.gate_values",
    "learned_weight": "kgtransfer.conditioning.prior_weight",
    "load": "kgtransfer.kinds",
    "load_gin": "kgtransfer.nodes.encoders.gin",
    "pick_device": "kgtransfer.backbones.precision",
    "random_split": "kgtransfer.nodes.data.splits",
    "read_code": "kgtransfer.code.data",
    "read_images": "kgtransfer.images.image_data",
    "read_nodes": "kgtransfer.nodes.data.graph",
    "read_ontology": "kgtransfer.knowledge.io.ontology",
    "read_wordnet": "kgtransfer.knowledge.wordnet",
    "require_valid": "kgtransfer.knowledge.check.validate",
    "resource": "kgtransfer.utils.resources",
    "run_key": "kgtransfer.runs.folder",
    "run_pipeline": "kgtransfer.cli",
    "retrain": "kgtransfer.retraining",
    "say": "kgtransfer.utils.progress",
    "synset_prior": "kgtransfer.images.synset_prior",
    "write_parquet": "kgtransfer.embedding.export",
    "write_word2vec": "kgtransfer.embedding.export",
}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604  # the names are strings


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
