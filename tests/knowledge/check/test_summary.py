from __future__ import annotations

from kgtransfer.knowledge.check.findings import Finding, Severity
from kgtransfer.knowledge.check.summary import in_order, summary


def finding(line: int, message: str, severity: Severity = "warning", **more: str) -> Finding:
    label = f"c{line}"
    return Finding(
        severity=severity,
        file="a.ttl",
        line=line,
        concept=f"http://e/{label}",
        label=label,
        message=message,
        **more,  # type: ignore[arg-type]
    )


def test_five_of_a_kind_are_told_one_by_one() -> None:
    few = [finding(line, "has no label", cure="write one") for line in range(1, 6)]
    assert summary(few) == "\n".join(map(str, few))
    assert summary([]) == ""


def test_more_are_told_once_with_their_number_and_three() -> None:
    many = [finding(line, "has no label", cure=f"write c{line}") for line in range(1, 94_534)]
    other = finding(3, "stands alone", "hint")
    assert summary([many[0], other, *many[1:]]).splitlines() == [
        "warning: 94,533 times: has no label",
        "    a.ttl:1: c1 <http://e/c1>",
        "    a.ttl:2: c2 <http://e/c2>",
        "    a.ttl:3: c3 <http://e/c3>",
        "    ... and 94,530 more (--json has all)",
        "  what to do: such as: write c1",
        "a.ttl:3: hint: c3 <http://e/c3>: stands alone",
    ]


def test_what_differs_in_the_examples_of_a_kind_is_told() -> None:
    kind = "has the same label as another class"
    many = [finding(n, f"has the same label as c{n + 1}", kind=kind) for n in range(1, 10)]
    lines = summary(many).splitlines()
    assert lines[0] == f"warning: 9 times: {kind}"
    assert lines[1] == "    a.ttl:1: c1 <http://e/c1>: has the same label as c2"


def test_one_kind_with_two_severities_is_two() -> None:
    several: list[Finding] = [finding(n, "is wrong") for n in range(1, 7)]
    several += [finding(n, "is wrong", "violation") for n in range(1, 7)]
    assert [line for line in summary(several).splitlines() if "times" in line] == [
        "warning: 6 times: is wrong",
        "violation: 6 times: is wrong",
    ]


def test_the_cause_comes_first_and_hints_last() -> None:
    hint = finding(1, "has no axiom of its own", "hint")
    consequence = finding(2, "stands alone")
    cause = finding(3, "the term kgt:ususal is described nowhere", cure="did you mean kgt:usual?")
    assert in_order([hint, consequence, cause]) == [cause, consequence, hint]
