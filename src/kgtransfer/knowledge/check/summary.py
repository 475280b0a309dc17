"""Findings as text for people: causes first, and what comes a thousand times in one line."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kgtransfer.knowledge.check.findings import Finding

__all__ = ["in_order", "summary"]

MOST = 5
"""Findings of one kind that are told one by one."""
EXAMPLES = 3
CAUSE = "did you mean"
"""How the cure of a misspelt term begins: what else is wrong may follow from it."""


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings -> by cause, then by file and line: first misspelt terms, last the hints."""
    return sorted(findings, key=lambda f: (_rank(f), f.file, f.line or 0))


def summary(findings: Sequence[Finding]) -> str:
    """Findings -> text, in their order; of more than five of one kind their number and three.

    Args:
        findings: the findings.

    Returns:
        Lines, without a line end after the last; empty for no findings.
    """
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.severity, finding.kind or finding.message), []).append(finding)
    many = {key: group for key, group in kinds.items() if len(group) > MOST}
    summarised = set[tuple[str, str]]()

    def lines() -> Iterator[str]:
        for finding in findings:
            key = finding.severity, finding.kind or finding.message
            if key not in many:
                yield str(finding)
            elif key not in summarised:
                summarised.add(key)
                yield _counted(key, many[key])

    return "\n".join(lines())


def _counted(key: tuple[str, str], findings: Sequence[Finding]) -> str:
    severity, kind = key
    is_one_message = len({finding.message for finding in findings}) == 1
    examples = [
        ": ".join(filter(None, (f.place, f.about, "" if is_one_message else f.message)))
        for f in findings[:EXAMPLES]
    ]
    cures = list(dict.fromkeys(finding.cure for finding in findings if finding.cure))
    some = "such as: " if len(cures) > 1 else ""
    return "\n".join(
        chain(
            [f"{severity}: {len(findings):,} times: {kind}"],
            (f"    {example}" for example in examples if example),
            [f"    ... and {len(findings) - EXAMPLES:,} more (--json has all)"],
            [f"  what to do: {some}{cures[0]}"] if cures else [],
        )
    )


def _rank(finding: Finding) -> int:
    if finding.cure.startswith(CAUSE):
        return 0
    return 2 if finding.severity == "hint" else 1
