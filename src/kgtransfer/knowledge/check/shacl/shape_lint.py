"""Shapes that do less than they seem to: unknown terms, parts that are not run, empty targets.

A validator reports what it objects to in the data. What it left out it does not say, and a shape
that was never run looks like data without a fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.check.findings import Finding, Severity
from kgtransfer.knowledge.check.shacl.shapes import TARGETS, Shapes
from kgtransfer.knowledge.check.spelling import misspelt, namespaces
from kgtransfer.knowledge.check.standard_terms import SPACES, unknown_words
from kgtransfer.knowledge.terms import node_name
from kgtransfer.knowledge.vocabulary import OUR_VOCABULARIES, RDF_TYPE, SH
from kgtransfer.utils.terminal import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kgtransfer.knowledge.check.shacl.shapes import Target
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["lint_shapes", "shapes_not_run"]

NOT_RUN: Mapping[str, str] = {
    "target": "say what the shape is about by sh:targetClass, sh:targetNode or the like",
    "rule": "write the conclusions into the data, or check them by a constraint",
    "values": "write the values into the data",
    "expression": "write it as a sh:sparql constraint",
    "js": "write it as a sh:sparql constraint",
    "entailment": "read the data with what follows from it, or check what it says itself",
    "filterShape": "write it as a sh:sparql constraint",
}
"""Parts of SHACL's Advanced Features and JavaScript Extensions -> what to write instead."""
QUALIFIED = SH + "qualifiedValueShape"
NAMING = (SH + "class", SH + "path")
"""Predicates that name a term of the data, beside targets."""
HITS_NOTHING = "a target hits nothing"
MISSING = {
    TARGETS[0]: "nothing is an instance of it",
    TARGETS[1]: "the data does not name it",
    TARGETS[2]: "nothing has this property",
    TARGETS[3]: "nothing has this property",
}


def lint_shapes(shapes: Shapes, graph: KnowledgeGraph) -> Iterator[Finding]:
    """Shapes and the data they are for -> findings about the shapes, with their place in files.

    Args:
        shapes: the shapes.
        graph: the data that they are for.
    """
    words = list(unknown_words(shapes.graph))
    for iri, user, message, cure in words:
        yield _finding(shapes, user, "warning", message, cure, iri)
    yield from _not_run(shapes)
    yield from _ignored(shapes)
    yield from _out_of_place(shapes)
    misspelt_targets = {user for iri, user, *_ in words if iri.startswith(SH + "target")}
    yield from _without_target(shapes, misspelt_targets)
    yield from _without_shapes(shapes)
    unknown = list(_unknown_names(shapes, graph))
    yield from _misspelt(shapes, unknown)
    yield from _idle(shapes, graph, {iri for _, iri, _ in unknown})


def shapes_not_run(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> a hint where it holds shapes of its own, for a check without shapes."""
    targeted = (shape for kind in TARGETS for shape, _ in graph.statements(kind))
    for shape in sorted(targeted, key=lambda shape: (shape.startswith("_:"), shape))[:1]:
        message = "holds SHACL shapes, which were not run"
        yield Finding.of(graph, shape, "hint", message, "give their file with --shapes")


def _not_run(shapes: Shapes) -> Iterator[Finding]:
    for name, cure in NOT_RUN.items():
        for shape, _ in shapes.graph.statements(SH + name):
            if name != "target" or shape in shapes.nodes:
                message = f"sh:{name} is not run: only SHACL core and sh:sparql are"
                yield _finding(shapes, shape, "warning", message, cure, SH + name)


def _ignored(shapes: Shapes) -> Iterator[Finding]:
    for triple in shapes.ignored:
        name, iri = shapes.graph.compact(triple.predicate.value), triple.predicate.value
        message = f"{name} counts only as true: {triple.object} is ignored"
        yield _finding(
            shapes, node_name(triple.subject), "warning", message, f"write {name} true", iri
        )


def _out_of_place(shapes: Shapes) -> Iterator[Finding]:
    """Qualified values on node shapes: only a property has values to be counted."""
    for shape, _ in shapes.graph.statements(QUALIFIED):
        if not shapes.graph.objects(shape, SH + "path"):
            message = "sh:qualifiedValueShape is ignored: the shape has no sh:path"
            cure = "write it into a sh:property that has a sh:path"
            yield _finding(shapes, shape, "warning", message, cure, QUALIFIED)


def _without_target(shapes: Shapes, misspelt_targets: Collection[str]) -> Iterator[Finding]:
    """Shapes that nothing leads to: without target, and no other shape refers to them."""
    used = {node_name(t.object) for t in shapes.graph.triples if t.predicate != RDF_TYPE}
    targeting = {target.shape for target in shapes.targets}
    advanced = {shape for shape, _ in shapes.graph.statements(SH + "target")}
    accounted = {*used, *targeting, *advanced, *misspelt_targets}
    for shape in shapes.nodes:
        if shape not in accounted:
            message = "has no target, and no other shape refers to it: it is never run"
            yield _finding(shapes, shape, "warning", message, "write sh:targetClass or the like")


def _without_shapes(shapes: Shapes) -> Iterator[Finding]:
    """Files that the user named for shapes and that hold none; folders without any."""
    empty = {str(file.path) for file in shapes.files if not Shapes.of([file]).nodes}
    for path in sorted(empty if not shapes.nodes else empty & shapes.named):
        message = "no shape is in this file: nothing is checked by it"
        cure = "write a sh:NodeShape with sh:targetClass"
        yield Finding(severity="warning", file=path, message=message, cure=cure)


def _unknown_names(shapes: Shapes, graph: KnowledgeGraph) -> Iterator[tuple[str, str, str]]:
    """Shapes and data -> shape, term, and the data's term that it is likely misspelt for."""
    used = {t.predicate.value for t in graph.triples}
    used |= {t.object.value for t in graph.triples if isinstance(t.object, ox.NamedNode)}
    terms, namespace = {*graph.rows, *used}, namespaces(graph | shapes.graph)
    spaces: dict[str, list[str]] = {}
    for iri in terms:
        spaces.setdefault(namespace(iri), []).append(iri)
    naming = {(target.shape, target.term) for target in shapes.targets}
    naming |= {(s, node_name(o)) for p in NAMING for s, o in shapes.graph.statements(p)}
    for shape, iri in sorted(naming):
        if iri in terms or iri in shapes.graph.rows or iri.startswith(("_:", '"', *SPACES)):
            continue
        space = namespace(iri)
        if suggestion := misspelt(iri, spaces.get(space, ()), len(space)):
            yield shape, iri, suggestion


def _misspelt(shapes: Shapes, unknown: Sequence[tuple[str, str, str]]) -> Iterator[Finding]:
    for shape, iri, suggestion in unknown:
        message = f"names {shapes.graph.compact(iri)}, which the data does not"
        cure = f"did you mean {shapes.graph.compact(suggestion)}?"
        kind = "a shape names what the data does not"
        yield _finding(shapes, shape, "warning", message, cure, iri, kind)


def _idle(
    shapes: Shapes, graph: KnowledgeGraph, misspelt_terms: Collection[str]
) -> Iterator[Finding]:
    """Targets that hit nothing: each in a file that the user named, else only if all do.

    Our own shapes are about all that our vocabularies have; hardly an ontology uses the whole.
    """
    typed = {node_name(kind) for _, kind in graph.statements(RDF_TYPE.value)}
    idle = [target for target in shapes.targets if not _hits(target, graph, typed)]
    own = [target for target in idle if not target.term.startswith(OUR_VOCABULARIES)]
    if own and len(own) == len(shapes.targets) and not shapes.named and not misspelt_terms:
        message = f"no shape was run: of {counted(len(idle), 'target')} none is in the data"
        yield Finding(severity="hint", message=message, cure="give the shapes of this ontology")
    for target in own:
        if target.term not in misspelt_terms and shapes.place(target.shape).file in shapes.named:
            kind, term = shapes.graph.compact(target.kind), shapes.graph.compact(target.term)
            message = f"{kind} {term} hits nothing: {MISSING[target.kind]}"
            cure = "check the target's spelling, or leave it for data that is still to come"
            yield _finding(shapes, target.shape, "hint", message, cure, target.term, HITS_NOTHING)


def _hits(target: Target, graph: KnowledgeGraph, typed: AbstractSet[str]) -> bool:
    _, kind, term = target
    if kind == TARGETS[0]:
        classes = (term, *graph.subclasses(f"<{term}>"))
        return not typed.isdisjoint(classes)
    if kind == TARGETS[1]:
        return term in graph.rows or not term.startswith("http")
    return bool(graph.statements(term))


def _finding(
    shapes: Shapes,
    shape: str,
    severity: Severity,
    message: str,
    cure: str,
    term: str = "",
    kind: str = "",
) -> Finding:
    file, line = shapes.place(shape, term)
    top_shape = shapes.shape_of(shape)
    named = not top_shape.startswith("_:")
    return Finding(
        severity=severity,
        file=file,
        line=line or None,
        concept=top_shape if named else "",
        label=shapes.graph.label(top_shape) if named else "unnamed shape",
        message=message,
        cure=cure,
        kind=kind,
    )
