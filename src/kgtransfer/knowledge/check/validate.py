"""`check`: everything that is wrong or doubtful in ontology files, in one pass."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.knowledge.check.colours import unusable_colours
from kgtransfer.knowledge.check.consistency import inconsistencies
from kgtransfer.knowledge.check.dangling_annotations import dangling_annotations
from kgtransfer.knowledge.check.datatypes import ill_typed
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.hierarchies import cycles
from kgtransfer.knowledge.check.lint import lint
from kgtransfer.knowledge.check.measurability import unmeasured
from kgtransfer.knowledge.check.misuse import misuses
from kgtransfer.knowledge.check.plausibility import implausible
from kgtransfer.knowledge.check.prefixes import moved_prefixes
from kgtransfer.knowledge.check.quantities import unreadable
from kgtransfer.knowledge.check.rdf_lists import broken_lists
from kgtransfer.knowledge.check.relative_iris import relative_iris
from kgtransfer.knowledge.check.shacl.findings import TIMEOUT, ShapeCheck
from kgtransfer.knowledge.check.shacl.shape_lint import shapes_not_run
from kgtransfer.knowledge.check.single_values import several_numbers
from kgtransfer.knowledge.check.standard_terms import unknown_terms
from kgtransfer.knowledge.check.summary import in_order
from kgtransfer.knowledge.check.uncomputed import uncomputed
from kgtransfer.knowledge.check.undescribed import undescribed
from kgtransfer.knowledge.io.ontology import merge, read_files
from kgtransfer.knowledge.io.sources import holds_ontologies
from kgtransfer.trust.naming import named_code
from kgtransfer.trust.written_iris import written_iris
from kgtransfer.utils.gc import gc_suspended
from kgtransfer.utils.terminal import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.io.parsed import ParsedFile

__all__ = ["Finding", "check", "check_graph", "require_valid"]

CHECKS = (
    unknown_terms,
    cycles,
    broken_lists,
    ill_typed,
    several_numbers,
    misuses,
    undescribed,
    lint,
    dangling_annotations,
    relative_iris,
    unusable_colours,
)
CHECKS_OF_AXIOMS = (inconsistencies, implausible, unmeasured)
"""They look at the axioms, and so at numbers: only where all can be read."""
SHOWN = 5  # violations that an error message names


@gc_suspended()
def check(
    paths: str | Path | Iterable[str | Path],
    shapes: str | Path | None = None,
    *,
    timeout: float = TIMEOUT,
    base: str = "",
    measures: str = "",
) -> list[Finding]:
    """Ontology files -> findings: syntax, then SHACL shapes, axioms and modelling mistakes.

    Files that belong together are checked as one graph. Where a file cannot be parsed, its
    errors are all that is reported: what the rest says cannot be judged without it.

    Args:
        paths: ontology files or folders, as for `read_ontology`.
        shapes: a SHACL file or a folder of them; by default every folder `shapes` beside or in
            the paths.
        timeout: seconds that the shapes may take.
        base: what relative IRIs are relative to, as for `read_ontology`.
        measures: the user's own measures, as `[grounding]` names them: `my_measures.py`, or what
            is installed. The code is read, not run, for the IRIs that it writes out.

    Returns:
        The findings: first misspelt terms, from which others may follow, last the hints; then in
        the order of files and lines.

    Raises:
        OntologyError: a path does not exist, or the shapes cannot be used, reach outside the
            graph, or take longer than they may.
        CodeError: the code of the measures is not there, or is no Python.
    """
    own = written_iris(named_code(measures)[0]) if measures else frozenset[str]()
    roots = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    with ShapeCheck(_default_shapes(roots) if shapes is None else [shapes], timeout) as shape_check:
        files, broken = read_files(*roots, base=base)
        if broken:
            return [_syntax_finding(error) for error in broken]
        graph = merge(files)
        findings = _findings(graph, shape_check, [file.text for file in files])
    findings += uncomputed(graph, own, measures)
    findings += (_says_nothing(file) for file in files if not file.triples)
    findings += chain.from_iterable(map(moved_prefixes, files))
    return in_order(_placed(finding, files) for finding in findings)


def check_graph(
    graph: KnowledgeGraph, shapes: Sequence[str | Path] = (), *, timeout: float = TIMEOUT
) -> list[Finding]:
    """Graph built in memory -> findings, as of `check`, without file or line.

    Args:
        graph: the graph.
        shapes: SHACL files or folders of them; none checks for modelling mistakes only.
        timeout: seconds that the shapes may take.

    Raises:
        OntologyError: the shapes cannot be used, reach outside the graph, or take longer than
            they may.
    """
    with ShapeCheck(shapes, timeout) as shape_check:
        return _findings(graph, shape_check)


def _findings(
    graph: KnowledgeGraph, shape_check: ShapeCheck, texts: Sequence[str] = ()
) -> list[Finding]:
    shape_check.start(graph)  # it works in a process of its own while the others look
    findings = [*chain.from_iterable(look(graph) for look in CHECKS), *_about_axioms(graph, texts)]
    findings += shape_check.findings() if shape_check.shapes else shapes_not_run(graph)
    return sorted(findings, key=lambda f: (f.severity, f.concept, f.label, f.message))


def _about_axioms(graph: KnowledgeGraph, texts: Sequence[str]) -> list[Finding]:
    if unreadable_values := list(unreadable(graph, texts)):
        return unreadable_values
    try:
        axioms_of(graph)
    except OntologyError as error:
        return [Finding(severity="violation", message=error.reason, cure=error.cure)]
    return list(chain.from_iterable(look(graph) for look in CHECKS_OF_AXIOMS))


def _syntax_finding(error: OntologyError) -> Finding:
    return Finding(
        severity="violation",
        file=error.file,
        line=error.line,
        column=error.column,
        message=error.reason,
        cure=error.cure,
    )


def _says_nothing(file: ParsedFile) -> Finding:
    cure = "describe a concept in it, or remove it"
    message = "the file says nothing"
    return Finding(severity="warning", file=str(file.path), message=message, cure=cure)


def _default_shapes(paths: Iterable[Path]) -> list[Path]:
    beside = {(path if path.is_dir() else path.parent) / "shapes" for path in paths}
    return sorted(folder for folder in beside if holds_ontologies(folder))


def _placed(finding: Finding, files: Sequence[ParsedFile]) -> Finding:
    """Finding -> the same with the place where its concept is described, else first named."""
    if finding.file:
        return finding
    if len(files) == 1:
        finding = replace(finding, file=str(files[0].path))
    if not finding.concept:
        return finding
    described = ((file, file.positions.get(finding.concept)) for file in files)
    named = ((file, file.mention(finding.concept)) for file in files)
    for file, line in chain(described, named):
        if line:
            return replace(finding, file=str(file.path), line=line)
    return finding


def require_valid(graph: KnowledgeGraph, shapes: Sequence[str | Path] = ()) -> None:
    """Raises an error where a check of the graph finds a violation.

    Raises:
        OntologyError: something is; the message names the first violations.
    """
    violations = [f for f in check_graph(graph, shapes) if f.severity == "violation"]
    if violations:
        listed = "\n".join(f"  {violation}" for violation in violations[:SHOWN])
        raise OntologyError(
            f"{counted(len(violations), 'violation')} in the ontology\n{listed}",
            cure="mend them, then check again: kgtransfer check PATH",
        )
