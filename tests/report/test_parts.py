from __future__ import annotations

from kgtransfer.report.parts import tests_and_validation as parts_of

from .test_html import make_run

SETTINGS = ("validation, 5 labels", "source, 5 labels", "clinic, 5 labels", "source, 20 labels")
BY_TEST = {"clinic": 1, "source": 2, "validation": 3}


def test_validation_is_a_part_of_its_own() -> None:
    tests, validation = parts_of(make_run({}, settings=SETTINGS))
    assert list(tests.settings) == ["source, 5 labels", "clinic, 5 labels", "source, 20 labels"]
    assert validation is not None
    assert list(validation.settings) == ["validation, 5 labels"]


def test_what_is_found_by_test_set_begins_with_the_source_domain() -> None:
    details: dict[str, object] = dict.fromkeys(("confusion", "calibration"), BY_TEST)
    tests, validation = parts_of(make_run(details, settings=SETTINGS))
    assert list(tests.details["confusion"]) == ["source", "clinic"]
    assert tests.details["calibration"] == {"source": 2, "clinic": 1}
    assert validation is not None
    assert validation.details["confusion"] == {"validation": 3}


def test_gates_of_validation_are_those_of_the_tests_and_not_shown_again() -> None:
    gates = {name: {"kg": {"class": [0.1]}} for name in SETTINGS}
    tests, validation = parts_of(make_run({"gates": gates}, settings=SETTINGS))
    assert list(tests.details["gates"]) == list(tests.settings)
    assert validation is not None
    assert "gates" not in validation.details


def test_runs_without_validation_or_with_nothing_else_are_one_part() -> None:
    for settings in (("named",), ("validation, 5 labels",)):
        tests, validation = parts_of(make_run({"confusion": {"named": 1}}, settings=settings))
        assert tuple(tests.settings) == settings
        assert tests.details["confusion"] == {"named": 1}
        assert validation is None
