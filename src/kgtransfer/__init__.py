"""kgtransfer: what experts know, written as an ontology, made to work in a fine-tuned model.

Every public name is loaded on first use, so that `import kgtransfer` and light commands never
pay for torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgtransfer.backbones.graph import load_gin as load_gin
    from kgtransfer.backbones.precision import pick_device as pick_device
    from kgtransfer.backbones.text import TextEncoder as TextEncoder
    from kgtransfer.backbones.vision import VisionBackbone as VisionBackbone
    from kgtransfer.cli import run_pipeline as run_pipeline
    from kgtransfer.conditioning.attach import condition as condition
    from kgtransfer.conditioning.axioms import AxiomPrior as AxiomPrior
    from kgtransfer.conditioning.rules import Rules as Rules
    from kgtransfer.conditioning.synsets import synset_prior as synset_prior
    from kgtransfer.conditioning.weight import learned_weight as learned_weight
    from kgtransfer.data.images import read_images as read_images
    from kgtransfer.data.node_splits import random_split as random_split
    from kgtransfer.data.nodes import NodeGraph as NodeGraph
    from kgtransfer.data.nodes import read_nodes as read_nodes
    from kgtransfer.data.pairs import python_corpus as python_corpus
    from kgtransfer.embedding import embed as embed
    from kgtransfer.embedding import embedded as embedded
    from kgtransfer.embedding.concepts import ConceptEmbeddings as ConceptEmbeddings
    from kgtransfer.embedding.export import write_parquet as write_parquet
    from kgtransfer.embedding.export import write_word2vec as write_word2vec
    from kgtransfer.errors import KgTransferError as KgTransferError
    from kgtransfer.experiments import choose_arms as choose_arms
    from kgtransfer.experiments import experiment as experiment
    from kgtransfer.experiments import over_labels as over_labels
    from kgtransfer.grounding.attributes import attribute_facts as attribute_facts
    from kgtransfer.grounding.attributes import attribute_knowledge as attribute_knowledge
    from kgtransfer.grounding.base import Grounding as Grounding
    from kgtransfer.grounding.cells.measurer import CellMeasurer as CellMeasurer
    from kgtransfer.grounding.code import CodeGrounder as CodeGrounder
    from kgtransfer.grounding.measured import MeasuredGrounder as MeasuredGrounder
    from kgtransfer.grounding.scenes.measurer import SceneMeasurer as SceneMeasurer
    from kgtransfer.grounding.synsets import SynsetGrounder as SynsetGrounder
    from kgtransfer.knowledge.build.attributes import build_attribute_graph as build_attribute_graph
    from kgtransfer.knowledge.build.code import build_code_graph as build_code_graph
    from kgtransfer.knowledge.build.python_source import find_source as find_source
    from kgtransfer.knowledge.build.python_source import read_modules as read_modules
    from kgtransfer.knowledge.diff import diff as diff
    from kgtransfer.knowledge.graph import KnowledgeGraph as KnowledgeGraph
    from kgtransfer.knowledge.ontology import read_ontology as read_ontology
    from kgtransfer.knowledge.validate import check as check
    from kgtransfer.knowledge.validate import require_valid as require_valid
    from kgtransfer.knowledge.wordnet import read_wordnet as read_wordnet
    from kgtransfer.progress import bar as bar
    from kgtransfer.progress import say as say
    from kgtransfer.resources import resource as resource
    from kgtransfer.results import RunResult as RunResult
    from kgtransfer.retraining import retrain as retrain
    from kgtransfer.runs import record_search as record_search
    from kgtransfer.runs import run_key as run_key
    from kgtransfer.runs import save_nodes as save_nodes
    from kgtransfer.runs import save_search as save_search
    from kgtransfer.runs.images import save_images as save_images
    from kgtransfer.runs.loading import load as load
    from kgtransfer.runs.study import image_readings as image_readings
    from kgtransfer.runs.study import image_study as image_study
    from kgtransfer.store import connect as connect
    from kgtransfer.store.queries import answer as answer
    from kgtransfer.tasks.class_arms import ClassArm as ClassArm
    from kgtransfer.tasks.class_arms import ClassRecipe as ClassRecipe
    from kgtransfer.tasks.classify import ClassTask as ClassTask
    from kgtransfer.tasks.fits import FitStore as FitStore
    from kgtransfer.tasks.labs import read_labs as read_labs
    from kgtransfer.tasks.node_arms import NodeArm as NodeArm
    from kgtransfer.tasks.node_arms import NodeRecipe as NodeRecipe
    from kgtransfer.tasks.nodes import NodeTask as NodeTask
    from kgtransfer.tasks.retrieve import SearchTask as SearchTask
    from kgtransfer.tasks.search_arms import Recipe as Recipe
    from kgtransfer.tasks.search_arms import SearchArm as SearchArm

__version__ = "0.1.0"

# Public name -> the module that defines it; the imports above say the same to type checkers.
_HOME = {
    "AxiomPrior": "kgtransfer.conditioning.axioms",
    "CellMeasurer": "kgtransfer.grounding.cells.measurer",
    "ClassArm": "kgtransfer.tasks.class_arms",
    "ClassRecipe": "kgtransfer.tasks.class_arms",
    "ClassTask": "kgtransfer.tasks.classify",
    "CodeGrounder": "kgtransfer.grounding.code",
    "ConceptEmbeddings": "kgtransfer.embedding.concepts",
    "FitStore": "kgtransfer.tasks.fits",
    "Grounding": "kgtransfer.grounding.base",
    "KgTransferError": "kgtransfer.errors",
    "KnowledgeGraph": "kgtransfer.knowledge.graph",
    "MeasuredGrounder": "kgtransfer.grounding.measured",
    "NodeArm": "kgtransfer.tasks.node_arms",
    "NodeGraph": "kgtransfer.data.nodes",
    "NodeRecipe": "kgtransfer.tasks.node_arms",
    "NodeTask": "kgtransfer.tasks.nodes",
    "Recipe": "kgtransfer.tasks.search_arms",
    "Rules": "kgtransfer.conditioning.rules",
    "RunResult": "kgtransfer.results",
    "SceneMeasurer": "kgtransfer.grounding.scenes.measurer",
    "SearchArm": "kgtransfer.tasks.search_arms",
    "SearchTask": "kgtransfer.tasks.retrieve",
    "SynsetGrounder": "kgtransfer.grounding.synsets",
    "TextEncoder": "kgtransfer.backbones.text",
    "VisionBackbone": "kgtransfer.backbones.vision",
    "answer": "kgtransfer.store.queries",
    "attribute_facts": "kgtransfer.grounding.attributes",
    "attribute_knowledge": "kgtransfer.grounding.attributes",
    "bar": "kgtransfer.progress",
    "build_attribute_graph": "kgtransfer.knowledge.build.attributes",
    "build_code_graph": "kgtransfer.knowledge.build.code",
    "check": "kgtransfer.knowledge.validate",
    "choose_arms": "kgtransfer.experiments",
    "condition": "kgtransfer.conditioning.attach",
    "connect": "kgtransfer.store",
    "diff": "kgtransfer.knowledge.diff",
    "embed": "kgtransfer.embedding",
    "embedded": "kgtransfer.embedding",
    "experiment": "kgtransfer.experiments",
    "find_source": "kgtransfer.knowledge.build.python_source",
    "image_readings": "kgtransfer.runs.study",
    "image_study": "kgtransfer.runs.study",
    "learned_weight": "kgtransfer.conditioning.weight",
    "load": "kgtransfer.runs.loading",
    "load_gin": "kgtransfer.backbones.graph",
    "over_labels": "kgtransfer.experiments",
    "pick_device": "kgtransfer.backbones.precision",
    "python_corpus": "kgtransfer.data.pairs",
    "random_split": "kgtransfer.data.node_splits",
    "read_images": "kgtransfer.data.images",
    "read_labs": "kgtransfer.tasks.labs",
    "read_modules": "kgtransfer.knowledge.build.python_source",
    "read_nodes": "kgtransfer.data.nodes",
    "read_ontology": "kgtransfer.knowledge.ontology",
    "read_wordnet": "kgtransfer.knowledge.wordnet",
    "record_search": "kgtransfer.runs",
    "require_valid": "kgtransfer.knowledge.validate",
    "resource": "kgtransfer.resources",
    "run_key": "kgtransfer.runs",
    "run_pipeline": "kgtransfer.cli",
    "save_images": "kgtransfer.runs.images",
    "save_nodes": "kgtransfer.runs",
    "save_search": "kgtransfer.runs",
    "retrain": "kgtransfer.retraining",
    "say": "kgtransfer.progress",
    "synset_prior": "kgtransfer.conditioning.synsets",
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
