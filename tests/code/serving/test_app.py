"""A real server, asked by a real HTTP client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import httpx2
import pytest

from kgtransfer.code.serving import app as serving_app
from kgtransfer.code.serving.answers import Answers

Serving = Callable[..., str]


@pytest.fixture(scope="module")
def client(answers: Answers, serving: Serving) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=serving(answers), timeout=60, trust_env=False) as client:
        yield client


def _refused(answer: httpx2.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"error", "cure"}
    assert answer.json()["cure"]
    error: str = answer.json()["error"]
    return error


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_words_find_functions_and_the_context_that_counted(
    client: httpx2.Client, method: str
) -> None:
    asked = {"q": "deserialize a json document from a string", "k": 3}
    answer = client.request(
        method, "/search", **({"params": asked} if method == "GET" else {"json": asked})
    )
    hits = answer.json()["hits"]
    assert answer.status_code == 200
    assert len(hits) == 3
    assert hits[0]["module"].startswith("json")
    assert hits[0].keys() == {"name", "module", "code", "score", "iri", "context"}
    assert hits[0]["code"].startswith("def ")
    assert {part["relation"] for part in hits[0]["context"]} <= {"context", "class", "module"}


@pytest.mark.parametrize("what", ["py:json.decoder.JSONDecoder", "a decoder of json"])
def test_a_concept_is_found_by_its_iri_and_by_words(client: httpx2.Client, what: str) -> None:
    found = client.get("/concepts", params={"q": what, "k": 1}).json()["concepts"]
    (concept,) = found
    assert concept["label"] == "JSONDecoder"
    assert concept["comment"].startswith("Simple JSON")
    assert len(concept["nearest"]) == 5
    assert concept["iri"] not in {near["iri"] for near in concept["nearest"]}
    assert {"name": "json.decoder.JSONDecoder.decode", "module": "json.decoder"}.items() <= (
        concept["functions"][0].items()
    )


def test_cypher_reads_the_graph_with_parameters(client: httpx2.Client) -> None:
    cypher = "MATCH (m)-[:api__partOf]->(c {rdfs__label: $name}) RETURN m.rdfs__label AS n"
    asked = {"query": f"{cypher} ORDER BY n", "parameters": {"name": "JSONDecoder"}}
    rows = client.post("/cypher", json=asked).json()["rows"]
    assert rows == [{"n": "__init__"}, {"n": "decode"}, {"n": "raw_decode"}]


@pytest.mark.parametrize(
    ("cypher", "status", "says"),
    [
        ("MATCH (n) DETACH DELETE n", 403, "is not allowed here"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", 403, "LOAD is not allowed here"),
        ("MATCH (a), (b) RETURN a.uri", 400, "more than 1,000"),
        ("MATCH (n) RETURN", 400, ""),
        ("MATCH (n {uri: $uri}) RETURN n", 400, "no value for $uri"),
        ("", 400, "0 characters"),
        ("RETURN 1 //" + "x" * 30_000, 400, "30,011 characters"),
    ],
)
def test_cypher_that_is_not_run(client: httpx2.Client, cypher: str, status: int, says: str) -> None:
    assert says in _refused(client.post("/cypher", json={"query": cypher}), status)
    assert client.post("/cypher", json={"query": "RETURN 1 AS one"}).json()["rows"] == [{"one": 1}]


@pytest.mark.parametrize(
    ("path", "asked", "status", "says"),
    [
        ("/search", {"q": " "}, 400, "1 characters"),
        ("/search", {"q": "x" * 2_001}, 400, "2,001 characters"),
        ("/search", {"q": "json", "k": 0}, 400, "0 answers"),
        ("/search", {"q": "json", "k": 101}, 400, "101 answers"),
        ("/search", {"q": "json", "k": "many"}, 422, "query.k"),
        ("/search", {}, 422, "query.q"),
        ("/concepts", {"q": "nope:json"}, 400, "no bound prefix"),
        ("/concepts", {"q": "py:json.nothing"}, 400, "no concept <"),
        ("/nothing", {}, 404, "Not Found"),
    ],
)
def test_what_cannot_be_answered_is_said_with_its_cure(
    client: httpx2.Client, path: str, asked: dict[str, str | int], status: int, says: str
) -> None:
    assert says in _refused(client.get(path, params=asked), status)


@pytest.mark.parametrize("path", ["/search", "/concepts"])
def test_half_a_character_ends_no_answer(client: httpx2.Client, path: str) -> None:
    head = {"Content-Type": "application/json"}
    answer = client.post(path, headers=head, content=b'{"q": "read \\ud800 json", "k": 1}')
    assert answer.status_code == 200, answer.text


def test_bodies_are_bounded_whatever_length_they_declare(client: httpx2.Client) -> None:
    assert "65,536 bytes" in _refused(client.post("/search", content=b"x" * 70_000), 413)
    blocks = (b"x" * 10_000 for _ in range(7))
    assert "65,536 bytes" in _refused(client.post("/search", content=blocks), 413)


def test_the_page_and_its_description_need_no_script_and_no_network(
    client: httpx2.Client,
) -> None:
    page, described = client.get("/"), client.get("/openapi.json").json()
    assert '<form action="search">' in page.text
    assert not {"<script", "http:", "https:", " src="} & {
        word for word in ("<script", "http:", "https:", " src=") if word in page.text
    }
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert described["paths"].keys() == {"/search", "/concepts", "/cypher", "/health"}
    asked = described["components"]["schemas"]["SearchQuestion"]["properties"]["q"]["examples"]
    assert client.post("/search", json={"q": asked[0]}).status_code == 200


def test_a_page_of_a_stranger_cannot_ask_under_its_own_name(client: httpx2.Client) -> None:
    assert "evil.example" in _refused(client.get("/health", headers={"host": "evil.example"}), 421)


def test_with_a_token_nothing_is_answered_without_it(answers: Answers, serving: Serving) -> None:
    token = "correct-horse-battery"
    with httpx2.Client(base_url=serving(answers, token), trust_env=False) as client:
        for path in ("/health", "/", "/openapi.json", "/mcp", "/nothing"):
            assert "token" in _refused(client.get(path), 401)
        wrong = {"authorization": "Bearer correct-horse-batterz"}
        assert client.get("/health", headers=wrong).status_code == 401
        right = {"authorization": f"Bearer {token}", "host": "code.example"}
        assert client.get("/health", headers=right).json() == {
            "status": "ok",
            "about": "json and its friends",
            "functions": len(answers.served.index.documents),
            "concepts": len(answers.served.index.concepts),
        }


def test_a_fault_shows_no_traceback(
    answers: Answers,
    serving: Serving,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(answers, "health", lambda: 1 / 0)
    with httpx2.Client(base_url=serving(answers), trust_env=False) as client:
        assert client.get("/health").json() == serving_app.FAULT
    assert "ZeroDivisionError" in caplog.text


def test_assistants_ask_over_http_too(client: httpx2.Client) -> None:
    asked = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search_code", "arguments": {"query": "days of a month", "k": 1}},
    }
    answer = client.post(
        "/mcp", json=asked, headers={"accept": "application/json, text/event-stream"}
    )
    (hit,) = json.loads(answer.json()["result"]["content"][0]["text"])["hits"]
    assert hit["module"] == "calendar"
