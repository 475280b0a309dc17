"""Source code -> what code search learns from and is tested on: `read_code`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kgtransfer.code.corpus import SearchCorpus, source_corpus
from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.json_lines import JSON_LINES
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.pair_data import read_pair_data
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.runner import digest

if TYPE_CHECKING:
    from kgtransfer.code.languages.source import SourceModule
    from kgtransfer.code.languages.tables import Language
    from kgtransfer.code.pair_data import KindOfCode, PairData
    from kgtransfer.code.verbalisers.base import Verbaliser
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SETTINGS", "CodeData", "read_code"]

#: How functions are shown: setting -> corpus -> corpus.
SETTINGS: Mapping[str, Callable[[SearchCorpus], SearchCorpus]] = {
    "named": lambda corpus: corpus,
    "masked": SearchCorpus.with_names_masked,
}
PAIRED = "pairs"  # the one setting of a file of queries and code


@dataclass(frozen=True)
class CodeData:
    """A code base as data of code search.

    Attributes:
        corpora: setting -> documents, queries and code to adapt on; the first is the main one.
        name: of the code base that is adapted to.
        test: name of the code base that is searched.
        packages: names of the packages that count; all where there is none.
        modules: all source that was read.
        pairs: the file of queries and code, where that was read instead of source.
        verbaliser: what its code is grounded on, and how it is said in words.
    """

    corpora: Mapping[str, SearchCorpus]
    name: str = ""
    test: str = ""
    packages: tuple[str, ...] = ()
    modules: tuple[SourceModule, ...] = ()
    pairs: PairData | None = None
    verbaliser: Verbaliser = FUNCTIONS

    @property
    def main(self) -> SearchCorpus:
        """The corpus of the first setting."""
        return next(iter(self.corpora.values()))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the source, the most frequent first."""
        counts = Counter(module.language for module in self.modules)
        return tuple(language for language, _ in counts.most_common())

    @cached_property
    def graph(self) -> KnowledgeGraph:
        """What the code is grounded on, without the sentences that are searched for."""
        if self.pairs is not None:
            return self.pairs.graph()
        return build_code_graph(self.modules, withheld=self.main.held_out)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over all corpora, 64 hex digits."""
        return digest(*(part for name, c in self.corpora.items() for part in (name, c.hash)))


def read_code(
    path: str,
    *,
    packages: Sequence[str] = (),
    test: str = "",
    settings: Sequence[str] = tuple(SETTINGS),
    split_seed: int = 0,
    languages: Sequence[str | Language] = (),
    graph: str = "",
    kind: str | KindOfCode = "",
    scored: str = "test",
    query: str = "query",
    code: str = "code",
    generator: str = "",
) -> CodeData:
    """Source code, or queries with their code -> documents, queries, code to adapt on, a graph.

    Nothing is imported or run. Of source code, a query is the first sentence of a public function's
    docstring; all other functions are the unlabelled code to adapt on. Of a file of queries and
    code, see `read_pairs` and `pairs_corpus`; it has the first setting alone.

    Args:
        path: a folder or file; or the name of an installed Python package; or `stdlib`; or a
            `.jsonl` or `.jsonl.gz` file of queries and code.
        packages: names of the packages that count, of the standard library or of the folder;
            all where there is none.
        test: another code base to search, as `path`; by default the same.
        settings: how functions are shown: `named`, or `masked`, with their own names hidden.
        split_seed: of the split of queries into those to choose settings by, labels and test.
        languages: those to read, by name or as tables of your own; every known one, by the
            suffixes of files, where there is none.
        graph: what is known of the code of pairs: Turtle, or a file that their kind reads.
        kind: of the code of pairs, by name or as one of your own; guessed where there is none.
        scored: the split of pairs that is searched and scored.
        query: the column of queries, in a file of pairs.
        code: the column of code.
        generator: folder or hub name of a model that writes the queries to adapt on, in place of
            those by rule; see `kgtransfer.code.generator.Seq2SeqQueries`.

    Raises:
        DataError: there is no such code base or model, or too few functions in it.
        ConfigError: there is no setting or language, or none of a name.
    """
    unknown = [name for name in settings if name not in SETTINGS]
    if unknown or not settings:
        raise ConfigError(
            f"no setting {', '.join(unknown)}".rstrip(), cure=f"settings are: {', '.join(SETTINGS)}"
        )
    if path.endswith(JSON_LINES):
        pairs = read_pair_data(path, graph=graph, kind=kind, scored=scored, query=query, code=code)
        worded = _worded(pairs.kind.verbaliser, generator)
        return CodeData({PAIRED: pairs.corpus}, path, path, pairs=pairs, verbaliser=worded)
    modules = read_modules(find_source(path, packages), languages)
    tested = read_modules(find_source(test), languages) if test else None
    corpus = source_corpus(modules, tested, seed=split_seed)
    return CodeData(
        corpora={name: SETTINGS[name](corpus) for name in settings},
        name=path,
        test=test or path,
        packages=tuple(packages),
        modules=(*modules, *(tested or ())),
        verbaliser=_worded(FUNCTIONS, generator),
    )


def _worded(verbaliser: Verbaliser, generator: str) -> Verbaliser:
    """The same with the queries of a model, where there is one."""
    if not generator:
        return verbaliser
    from kgtransfer.code.generator import Seq2SeqQueries

    return replace(verbaliser, code_queries=Seq2SeqQueries(generator))
