"""Verbs about ontologies: check, fix, diff."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Base, Json, print_json
from kgtransfer.utils.terminal import counted, show_diff, tell

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer check ontology/`")
def check(
    paths: Annotated[list[Path], typer.Argument(help="Ontology files or folders.")],
    shapes: Annotated[
        Path | None, typer.Option(help="SHACL shapes; a `shapes` folder beside the ontology.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=86_400, help="Seconds that the shapes may take.")
    ] = 60.0,
    base: Base = "",
    measures: Annotated[
        str,
        typer.Option(metavar="FILE", help="Measures of your own, such as my_measures.py: not run."),
    ] = "",
    strict: Annotated[bool, typer.Option(help="Exit status 1 on warnings too.")] = False,
    as_json: Json = False,
) -> None:
    """Check ontologies: syntax, SHACL shapes, axioms, modelling. Exit status 1 on violations."""
    from dataclasses import asdict

    from kgtransfer.knowledge.check.summary import summary
    from kgtransfer.knowledge.check.validate import check as find
    from kgtransfer.utils.resources import users_or_bundled

    ontologies = [users_or_bundled(path) for path in paths]
    findings = find(ontologies, shapes, base=base, timeout=timeout, measures=measures)
    counts = Counter(finding.severity for finding in findings)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        tell(*filter(None, [summary(findings)]))
        tell(", ".join(counted(counts[kind], kind) for kind in ("violation", "warning", "hint")))
    raise typer.Exit(1 if counts["violation"] or (strict and counts["warning"]) else 0)


@verbs.command("diff", epilog="Example: `kgtransfer diff HEAD~1:ontology/ ontology/`")
def diff_(
    old: Annotated[str, typer.Argument(help="File, folder, archive, run or REVISION:path.")],
    new: Annotated[str, typer.Argument(help="The same.")],
    base: Base = "",
    as_json: Json = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a table for a pull request.")
    ] = False,
) -> None:
    """Say which concepts two ontologies describe differently, and how."""
    from kgtransfer.knowledge.diff.diff import diff

    if as_json and as_markdown:
        raise typer.BadParameter("give --json or --markdown, not both")
    changes = diff(old, new, base=base)
    if as_json:
        print_json(changes.to_json())
    elif as_markdown:
        tell(changes.to_markdown())
    else:
        tell(changes)


@verbs.command(epilog="Example: `kgtransfer fix ontology/ --write`")
def fix(
    paths: Annotated[list[Path], typer.Argument(help="Turtle files, or folders of them.")],
    write: Annotated[
        bool, typer.Option("--write", help="Write the files, not only show what would change.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Mend the mistakes in Turtle files that leave no choice; nothing else in them changes.

    Decimal commas in `kgt:` numbers, misspelt terms of RDF, RDFS, OWL, XSD and SKOS, languages
    such as `@en_GB`, no-break spaces, statements made twice. What a file imports is left alone.
    """
    from kgtransfer.knowledge.fix import fixed, turtle_files

    changed = [file for file in map(fixed, turtle_files(paths)) if file.mended]
    if write:
        for file in changed:
            file.require_writable()
        for file in changed:
            file.write()
    if as_json:
        print_json([file.to_json() | {"written": write} for file in changed])
        return
    for file in changed:
        show_diff(file.diff)
        for line, what in file.mended:
            tell(f"{file.path}:{line}: {what}")
    mended = counted(sum(len(file.mended) for file in changed), "mistake")
    done = "mended" if write else "would be mended; --write does it"
    tell(f"{mended} {done}" if changed else "nothing to mend")
