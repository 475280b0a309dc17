"""Functions and methods of an API: where they stand, and how that is said."""

from __future__ import annotations

from kgtransfer.code.graphs.api import API
from kgtransfer.code.queries import code_queries, graph_queries, in_context
from kgtransfer.code.verbalisers.base import Step, Verbaliser

__all__ = ["FUNCTIONS"]

_UP = Step("partOf")
_TO_CLASS = Step("partOf", to=("Class",))

FUNCTIONS = Verbaliser(
    vocabulary="ontology/api.ttl",
    namespace=API,
    paths={
        "class": (_TO_CLASS,),
        "module": (Step("partOf", to=("Module",)),),
        "module of class": (_TO_CLASS, Step("partOf", to=("Module",))),
        "superclasses": (_TO_CLASS, Step("extends")),
        "callers": (Step("calls", inverse=True),),
        "calls": (Step("calls"),),
        "parameters": (Step("hasParameter"),),
        "raises": (Step("raises"),),
        "siblings": (_UP, Step("partOf", inverse=True, to=("Method", "Function"))),
    },
    code_queries=code_queries,
    graph_queries=graph_queries,
    context=in_context,
    shown=("api_most_called", "api_deepest_context"),
)
