"""The kind of sample that is a function of a code base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.code.corpus import source_corpus as source_corpus
    from kgtransfer.code.graphs.api import build_code_graph as build_code_graph
    from kgtransfer.code.languages.python import find_source as find_source
    from kgtransfer.code.languages.reading import read_modules as read_modules
    from kgtransfer.code.languages.tables import Language as Language
    from kgtransfer.code.methods import SearchMethod as SearchMethod
    from kgtransfer.retrieval.settings import SearchTraining as SearchTraining

_HOME = {
    "Language": "kgtransfer.code.languages.tables",
    "SearchMethod": "kgtransfer.code.methods",
    "SearchTraining": "kgtransfer.retrieval.settings",
    "build_code_graph": "kgtransfer.code.graphs.api",
    "find_source": "kgtransfer.code.languages.python",
    "source_corpus": "kgtransfer.code.corpus",
    "read_modules": "kgtransfer.code.languages.reading",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
