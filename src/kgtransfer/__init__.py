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
    from kgtransfer.classification.arms import ClassArm as ClassArm
    from kgtransfer.classification.arms import FineTuning as FineTuning
    from kgtransfer.classification.task import ClassTask as ClassTask
    from kgtransfer.cli import run_pipeline as run_pipeline
    from kgtransfer.code.api_graph import build_code_graph as build_code_graph
    from kgtransfer.code.arms import SearchArm as SearchArm
    from kgtransfer.code.arms import SearchRecipe as SearchRecipe
    from kgtransfer.code.corpus import python_corpus as python_corpus
    from kgtransfer.code.grounder import CodeGrounder as CodeGrounder
    from kgtransfer.code.python_source import find_source as find_source
    from kgtransfer.code.python_source import read_modules as read_modules
    from kgtransfer.code.run import record_search as record_search
    from kgtransfer.code.run import save_search as save_search
    from kgtransfer.code.task import SearchTask as SearchTask
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
    from kgtransfer.experiments.cache import FitCache as FitCache
    from kgtransfer.experiments.results import RunResult as RunResult
    from kgtransfer.experiments.runner import choose_arms as choose_arms
    from kgtransfer.experiments.runner import experiment as experiment
    from kgtransfer.experiments.runner import over_labels as over_labels
    from kgtransfer.grounding.base import Grounding as Grounding
    from kgtransfer.grounding.collate import collate as collate
    from kgtransfer.grounding.measured import MeasuredGrounder as MeasuredGrounder
    from kgtransfer.images.backbone import VisionBackbone as VisionBackbone
    from kgtransfer.images.cells.measurer import CellMeasurer as CellMeasurer
    from kgtransfer.images.data.folder import read_images as read_images
    from kgtransfer.images.domains import read_domains as read_domains
    from kgtransfer.images.saving import save_images as save_images
    from kgtransfer.images.scenes.measurer import SceneMeasurer as SceneMeasurer
    from kgtransfer.images.study import image_study as image_study
    from kgtransfer.images.study import measured_domains as measured_domains
    from kgtransfer.images.synset_prior import synset_prior as synset_prior
    from kgtransfer.images.synsets import SynsetGrounder as SynsetGrounder
    from kgtransfer.kinds import load as load
    from kgtransfer.knowledge.check.validate import check as check
    from kgtransfer.knowledge.check.validate import require_valid as require_valid
    from kgtransfer.knowledge.diff.diff import diff as diff
    from kgtransfer.knowledge.graph import KnowledgeGraph as KnowledgeGraph
    from kgtransfer.knowledge.io.ontology import read_ontology as read_ontology
    from kgtransfer.knowledge.wordnet import read_wordnet as read_wordnet
    from kgtransfer.nodes.arms import NodeArm as NodeArm
    from kgtransfer.nodes.arms import NodeRecipe as NodeRecipe
    from kgtransfer.nodes.attribute_graph import build_attribute_graph as build_attribute_graph
    from kgtransfer.nodes.attributes import attribute_facts as attribute_facts
    from kgtransfer.nodes.attributes import attribute_knowledge as attribute_knowledge
    from kgtransfer.nodes.encoder import load_gin as load_gin
    from kgtransfer.nodes.graph import NodeGraph as NodeGraph
    from kgtransfer.nodes.graph import read_nodes as read_nodes
    from kgtransfer.nodes.run import save_nodes as save_nodes
    from kgtransfer.nodes.splits import random_split as random_split
    from kgtransfer.nodes.task import NodeTask as NodeTask
    from kgtransfer.retraining import retrain as retrain
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
    "ClassArm": "kgtransfer.classification.arms",
    "FineTuning": "kgtransfer.classification.arms",
    "ClassTask": "kgtransfer.classification.task",
    "CodeGrounder": "kgtransfer.code.grounder",
    "ConceptEmbeddings": "kgtransfer.embedding.concepts",
    "FitCache": "kgtransfer.experiments.cache",
    "Grounding": "kgtransfer.grounding.base",
    "KgTransferError": "kgtransfer.errors",
    "KnowledgeGraph": "kgtransfer.knowledge.graph",
    "MeasuredGrounder": "kgtransfer.grounding.measured",
    "NodeArm": "kgtransfer.nodes.arms",
    "NodeGraph": "kgtransfer.nodes.graph",
    "NodeRecipe": "kgtransfer.nodes.arms",
    "NodeTask": "kgtransfer.nodes.task",
    "SearchRecipe": "kgtransfer.code.arms",
    "Rules": "kgtransfer.conditioning.rule_loss",
    "RunResult": "kgtransfer.experiments.results",
    "SceneMeasurer": "kgtransfer.images.scenes.measurer",
    "SearchArm": "kgtransfer.code.arms",
    "SearchTask": "kgtransfer.code.task",
    "SynsetGrounder": "kgtransfer.images.synsets",
    "TextEncoder": "kgtransfer.backbones.text",
    "VisionBackbone": "kgtransfer.images.backbone",
    "answer": "kgtransfer.store.queries",
    "attribute_facts": "kgtransfer.nodes.attributes",
    "attribute_knowledge": "kgtransfer.nodes.attributes",
    "bar": "kgtransfer.utils.progress",
    "build_attribute_graph": "kgtransfer.nodes.attribute_graph",
    "build_code_graph": "kgtransfer.code.api_graph",
    "check": "kgtransfer.knowledge.check.validate",
    "choose_arms": "kgtransfer.experiments.runner",
    "collate": "kgtransfer.grounding.collate",
    "condition": "kgtransfer.conditioning.attachment",
    "connect": "kgtransfer.store",
    "diff": "kgtransfer.knowledge.diff.diff",
    "embed": "kgtransfer.embedding",
    "embedded": "kgtransfer.embedding",
    "experiment": "kgtransfer.experiments.runner",
    "find_source": "kgtransfer.code.python_source",
    "gates": "kgtransfer.conditioning.gate_values",
    "measured_domains": "kgtransfer.images.study",
    "image_study": "kgtransfer.images.study",
    "learned_weight": "kgtransfer.conditioning.prior_weight",
    "load": "kgtransfer.kinds",
    "load_gin": "kgtransfer.nodes.encoder",
    "over_labels": "kgtransfer.experiments.runner",
    "pick_device": "kgtransfer.backbones.precision",
    "python_corpus": "kgtransfer.code.corpus",
    "random_split": "kgtransfer.nodes.splits",
    "read_images": "kgtransfer.images.data.folder",
    "read_domains": "kgtransfer.images.domains",
    "read_modules": "kgtransfer.code.python_source",
    "read_nodes": "kgtransfer.nodes.graph",
    "read_ontology": "kgtransfer.knowledge.io.ontology",
    "read_wordnet": "kgtransfer.knowledge.wordnet",
    "record_search": "kgtransfer.code.run",
    "require_valid": "kgtransfer.knowledge.check.validate",
    "resource": "kgtransfer.utils.resources",
    "run_key": "kgtransfer.runs.folder",
    "run_pipeline": "kgtransfer.cli",
    "save_images": "kgtransfer.images.saving",
    "save_nodes": "kgtransfer.nodes.run",
    "save_search": "kgtransfer.code.run",
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
