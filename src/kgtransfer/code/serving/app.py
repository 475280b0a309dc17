"""Answers -> a FastAPI app: `/search`, `/concepts`, `/cypher`, `/health`, `/mcp`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Body, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kgtransfer import __version__
from kgtransfer.code.serving.answers import Answers, Concept, Found
from kgtransfer.code.serving.cypher import Busy
from kgtransfer.code.serving.gate import Gate
from kgtransfer.code.serving.mcp import mcp_server
from kgtransfer.code.serving.page import page
from kgtransfer.errors import KgTransferError, QueryRefused
from kgtransfer.utils.terminal import json_text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["http_app"]

log = logging.getLogger(__name__)
FAULT = {"error": "this is a fault of kgtransfer", "cure": "see what the server printed"}
WORDS, STATEMENT = "read a csv file row by row", (
    "MATCH (f:api__Function)-[:api__calls]->(g) "
    "RETURN g.uri AS called, count(f) AS callers ORDER BY callers DESC LIMIT 5"
)  # fmt: skip


class SearchQuestion(BaseModel, extra="forbid"):
    """What a function does, in words, and how many answers."""

    q: str = Field(examples=[WORDS])
    k: int = 10


class ConceptQuestion(BaseModel, extra="forbid"):
    """A concept, by its IRI or in words, and how many answers."""

    q: str = Field(examples=["reading of tables"])
    k: int = 5


class Statement(BaseModel, extra="forbid"):
    """Cypher, and a value for each of its parameters."""

    query: str = Field(examples=[STATEMENT])
    parameters: dict[str, Any] = {}


class Hits(BaseModel):
    """Functions, best first."""

    hits: list[Found]


class Concepts(BaseModel):
    """Concepts, best first."""

    concepts: list[Concept]


class Rows(BaseModel):
    """Rows of a statement; what JSON has no word for is null or text."""

    rows: list[dict[str, Any]]


class Health(BaseModel):
    """What is served."""

    status: str
    about: str
    functions: int
    concepts: int


class Refusal(BaseModel):
    """What is wrong, and what to do about it."""

    error: str
    cure: str


Words = Annotated[str, Query(description="what the function does", examples=[WORDS])]
What = Annotated[str, Query(description="an IRI, prefix:name, or words", examples=["py:json"])]
Count = Annotated[int, Query(description="how many answers")]
Cypher = Annotated[str, Query(description="Cypher that only reads", examples=[STATEMENT])]


def http_app(answers: Answers, *, token: str = "") -> Gate:
    """Answers -> what a server runs: the app behind its gate.

    Args:
        answers: of a run.
        token: that every request must bear; empty where none is asked for.
    """
    assistant = mcp_server(answers)
    over_http = assistant.streamable_http_app(
        json_response=True,
        stateless_http=True,
        # The gate looks at the host of requests without a token.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app = FastAPI(
        title="kgtransfer",
        description=answers.served.about,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lambda _: assistant.session_manager.run(),
        responses={400: {"model": Refusal}, 422: {"model": Refusal}},
    )
    _add_questions(app, answers)
    _add_errors(app)
    app.router.routes += over_http.routes
    return Gate(app, token=token, most=answers.limits.body)


def _add_questions(app: FastAPI, answers: Answers) -> None:
    @app.get("/search", summary="Functions by what they do")
    def search(q: Words, k: Count = 10) -> Hits:
        return Hits(hits=answers.search(q, k))

    @app.post("/search", summary="Functions by what they do")
    def search_by_body(question: SearchQuestion) -> Hits:
        return Hits(hits=answers.search(question.q, question.k))

    @app.get("/concepts", summary="Concepts by IRI or words")
    def concepts(q: What, k: Count = 5) -> Concepts:
        return Concepts(concepts=answers.concepts(q, k))

    @app.post("/concepts", summary="Concepts by IRI or words")
    def concepts_by_body(question: ConceptQuestion) -> Concepts:
        return Concepts(concepts=answers.concepts(question.q, question.k))

    @app.get("/cypher", summary="Rows of Cypher that only reads", response_model=Rows)
    def cypher(query: Cypher) -> Response:
        return _rows(answers.cypher(query, {}))

    @app.post("/cypher", summary="Rows of Cypher that only reads", response_model=Rows)
    def cypher_by_body(statement: Annotated[Statement, Body()]) -> Response:
        return _rows(answers.cypher(statement.query, statement.parameters))

    @app.get("/health", summary="What is served")
    def health() -> Health:
        return Health.model_validate(answers.health())

    @app.get("/", include_in_schema=False)
    def start() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()))


def _rows(rows: list[dict[str, Any]]) -> Response:
    return Response(json_text({"rows": rows}), media_type="application/json")


def _add_errors(app: FastAPI) -> None:
    """Every error is `{"error", "cure"}`, and none shows a traceback."""

    def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, KgTransferError)
        status = 503 if isinstance(error, Busy) else 403 if isinstance(error, QueryRefused) else 400
        return _refusal(status, error.message, error.cure)

    def malformed(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return _refusal(422, f"{place}: {first['msg']}", "see /openapi.json")

    def unknown(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return _refusal(error.status_code, str(error.detail), "see / for what can be asked")

    def fault(_: Request, error: Exception) -> JSONResponse:
        log.error("%s: %s", type(error).__name__, error)
        return _refusal(500, **FAULT)

    handlers: dict[type[Exception], Callable[[Request, Exception], JSONResponse]] = {
        KgTransferError: refused,
        RequestValidationError: malformed,
        HTTPException: unknown,
        Exception: fault,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _refusal(status: int, error: str, cure: str) -> JSONResponse:
    return JSONResponse({"error": error, "cure": cure}, status)
