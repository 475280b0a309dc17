"""The kind of sample that is a function of a code base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.code.api_graph import build_code_graph as build_code_graph
    from kgtransfer.code.arms import SearchMethod as SearchMethod
    from kgtransfer.code.corpus import python_corpus as python_corpus
    from kgtransfer.code.python_source import find_source as find_source
    from kgtransfer.code.python_source import read_modules as read_modules
    from kgtransfer.retrieval.settings import SearchTraining as SearchTraining

_HOME = {
    "SearchMethod": "kgtransfer.code.arms",
    "SearchTraining": "kgtransfer.retrieval.settings",
    "build_code_graph": "kgtransfer.code.api_graph",
    "find_source": "kgtransfer.code.python_source",
    "python_corpus": "kgtransfer.code.corpus",
    "read_modules": "kgtransfer.code.python_source",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
