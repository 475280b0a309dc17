from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import kgtransfer

HEAVY = (
    "fastapi",
    "mcp",
    "torch",
    "matplotlib",
    "pyshacl",
    "rdflib",
    "scipy",
    "sklearn",
    "transformers",
    "typer",
)


def run(program: str) -> str:
    """What a fresh interpreter prints when it runs the program."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def loaded_by(statement: str, names: tuple[str, ...] = HEAVY) -> str:
    return run(f"import sys; {statement}; print(*sorted(sys.modules.keys() & set({names!r})))")


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_by("import kgtransfer") == ""
    assert loaded_by("import kgtransfer", ("kgtransfer", "numpy")) == "kgtransfer"


@pytest.mark.parametrize(
    "name", ["KgTransferError", "KnowledgeGraph", "check", "connect", "read_ontology"]
)
def test_knowledge_and_store_load_no_learning_library(name: str) -> None:
    found = loaded_by(f"import kgtransfer; kgtransfer.{name}", ("torch", "matplotlib", "sklearn"))
    assert found == ""


# Nothing of them takes part in asking a saved run; together they take longer to import than torch
UNNEEDED = (
    "accelerate",
    "fastapi",
    "mcp",
    "matplotlib",
    "sklearn",
    "sympy",
    "torch._dynamo",
    "transformers",
)


def test_a_text_encoder_loads_no_library_that_only_training_needs() -> None:
    encode = "import kgtransfer; kgtransfer.TextEncoder.from_pretrained('minilm').encode(['tea'])"
    assert loaded_by(encode, UNNEEDED) == ""


@pytest.mark.parametrize("kind", ["code", "link_prediction", "nodes"])
def test_reading_a_saved_run_loads_no_library_that_only_training_needs(kind: str) -> None:
    assert loaded_by(f"import kgtransfer.{kind}.kind", UNNEEDED) == ""


def test_every_public_name_is_what_its_module_defines() -> None:
    # In one fresh interpreter, with every submodule loaded first: a submodule of the same name as
    # a public function would take its place on the package.
    modules = sorted(set(kgtransfer._HOME.values()))
    program = f"""
import importlib, inspect
for module in {modules!r}:
    importlib.import_module(module)
import kgtransfer
for name, module in kgtransfer._HOME.items():
    value = getattr(kgtransfer, name)
    if inspect.ismodule(value) or value is not getattr(importlib.import_module(module), name):
        print(name)
"""
    assert run(program) == ""


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(inspect.getfile(kgtransfer)).read_text(encoding="utf-8"))
    rooms = set(kgtransfer._ROOMS)
    typed = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
    assert {name for name, module in typed.items() if module == "kgtransfer"} == rooms
    assert {name: home for name, home in typed.items() if name not in rooms} == kgtransfer._HOME


def test_what_is_not_public_is_a_name_of_its_room() -> None:
    names = {
        "conditioning.FiLM": "kgtransfer.conditioning.film",
        "images.CellMeasurer": "kgtransfer.images.cells.measurer",
        "nodes.NodeRecipe": "kgtransfer.nodes.recipe",
        "code.read_modules": "kgtransfer.code.languages.reading",
        "grounding.Grounder": "kgtransfer.grounding.base",
    }
    program = f"""
import kgtransfer as kgt
from operator import attrgetter
for name, module in {names!r}.items():
    if getattr(attrgetter(name)(kgt), "__module__", module) != module:
        print(name)
"""
    assert run(program) == ""


def test_public_names() -> None:
    assert kgtransfer.__version__ == "0.1.0"
    assert sorted(kgtransfer.__all__) == sorted(
        [
            "__version__",
            "read_ontology",
            "check",
            "diff",
            "KnowledgeGraph",
            "connect",
            "embed",
            "ConceptEmbeddings",
            "TextEncoder",
            "VisionBackbone",
            "Grounding",
            "MeasuredGrounder",
            "CodeGrounder",
            "condition",
            "gates",
            "collate",
            "Arm",
            "ImageTask",
            "CodeSearchTask",
            "NodeTask",
            "read_images",
            "read_nodes",
            "read_code",
            "experiment",
            "RunResult",
            "load",
            "retrain",
            "KgTransferError",
        ]
    )
    assert set(kgtransfer.__all__) <= set(dir(kgtransfer))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'embedd'"):
        kgtransfer.embedd  # noqa: B018
