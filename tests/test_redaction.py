from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import KgTransferError, OntologyError
from kgtransfer.redaction import holds_secret, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("neo4j://kim:sesame@host:7687 is down", "neo4j://***@host:7687 is down"),
        ("bolt:/kim:sesame@host", "bolt:/***@host"),
        ("bolt:kim:sesame@host", "bolt:***@host"),
        ("no file kim:sesame@host", "no file ***@host"),
        ("https://kim:ses/ame?#@host/x", "https://***@host/x"),
        ("https://sesame@host/x", "https://***@host/x"),
        ("a.ttl?password=sesame&x=1", "a.ttl?password=***&x=1"),
        ("http://h/?x=1&Api_Key=sesame#a", "http://h/?x=1&Api_Key=***#a"),
        ("'store.password=sesame' is no setting", "'store.password=***"),
    ],
)
def test_secrets_are_hidden(text: str, shown: str) -> None:
    assert redacted(text).startswith(shown)
    assert "ses" not in redacted(text)
    assert holds_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://www.w3.org/2002/07/owl#Class",
        "https://www.flickr.com/photos/x@N00",
        "kim@example.org wrote mailto:kim@example.org",
        "training.max_tokens=abc, key = 3",
        '"a cell"@en is no value of rdfs:label',
        "/data/a@b:c/x.ttl:3:5",
    ],
)
def test_what_holds_no_secret_stays(text: str) -> None:
    assert redacted(text) == text
    assert not holds_secret(text)


marks = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1)


@given(
    marks,
    marks,
    st.sampled_from(["neo4j", "bolt+s", "https", "s3"]),
    st.sampled_from(["/", "//", "///"]),
)
def test_no_password_of_any_marks_survives(
    user: str, password: str, scheme: str, slashes: str
) -> None:
    user = user.replace("/", "").replace("@", "") or "kim"
    text = redacted(f"before {scheme}:{slashes}{user}:{password}@host after")
    assert text.split()[0::2] == ["before", "after"]
    assert text.split()[1] == f"{scheme}:{slashes}***@host"


def test_no_error_repeats_a_secret() -> None:
    error = KgTransferError(
        "bolt://kim:sesame@h: down", cure="see bolt://kim:sesame@h?token=sesame"
    )
    told = OntologyError("https://kim:sesame@h: no file", file="x?password=sesame")
    assert "sesame" not in f"{error!r} {error} {told!r} {told} {told.reason}"
