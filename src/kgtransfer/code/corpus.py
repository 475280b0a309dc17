"""Source code -> documents to find, queries with one right document each, code to adapt on."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.code.graphs.api import iri_of
from kgtransfer.code.neighbouring import lines_above
from kgtransfer.code.sentences import first_sentence, flat
from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kgtransfer.code.languages.source import Definition, SourceModule

__all__ = ["Query", "SearchCorpus", "Snippet", "snippets_of", "source_corpus"]

MASK = "function"  # stands for the name of a function whose name is hidden
DEV, LABELLED = 150, 100  # queries for selection and for the few-label arms; the rest is test
FEWEST = 7  # of 15 % of them one is held out
MIN_QUERY_WORDS, MIN_CODE_LINES, MIN_ADAPTATION = 3, 2, 2


@dataclass(frozen=True)
class Snippet:
    """A piece of code, such as a function.

    Attributes:
        iri: the graph's name for it.
        name: its own name; empty where it has none.
        module: where it stands: the module of a function, the database of an SQL query.
        code: its text.
        parameters: names of what it takes.
        calls: dotted names of what it calls, in order.
        returned: the first name or literal that it returns.
        above: the lines of code just above it in its own file.
    """

    iri: str
    name: str
    module: str
    code: str
    parameters: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    returned: str = ""
    above: str = ""

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Snippet:
        """What `dataclasses.asdict` made of one, read back from JSON."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
        return cls(**fields)


@dataclass(frozen=True)
class Query:
    """What somebody asks in words, and the one piece of code that answers it."""

    text: str
    answer: Snippet


@dataclass(frozen=True)
class SearchCorpus:
    """A code-search task.

    Attributes:
        documents: the pool that every query is ranked against; code texts are unique.
        dev: queries that settings may be chosen by; their answers are documents.
        labelled: queries that stand for human labels in the few-label arms.
        test: queries that are scored, once; their answers are documents. Several may have the
            same one.
        adaptation: unlabelled code, free to train on.
        documented: what the knowledge itself says that some code is for, such as examples of a
            command; training on queries from the graph is on these, where there are any.
        masked: whether the functions' own names are hidden.
    """

    documents: tuple[Snippet, ...]
    dev: tuple[Query, ...]
    labelled: tuple[Query, ...]
    test: tuple[Query, ...]
    adaptation: tuple[Snippet, ...]
    masked: bool = False
    documented: tuple[Query, ...] = ()

    def targets(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """The row in `documents` of each query's answer."""
        return tuple(self._rows[query.answer.iri] for query in queries)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {document.iri: row for row, document in enumerate(self.documents)}

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        """All code, each once: documents, what is adapted on, what is documented."""
        documented = (query.answer for query in self.documented)
        return tuple(dict.fromkeys((*self.documents, *self.adaptation, *documented)))

    @property
    def held_out(self) -> list[str]:
        """Every query: sentences that may enter neither training nor a condition."""
        return [query.text for query in (*self.dev, *self.labelled, *self.test)]

    @property
    def hash(self) -> str:
        """SHA-256 over all that the corpus holds, 64 hex digits."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    def with_names_masked(self) -> SearchCorpus:
        """The same task with every function's own name hidden in its code.

        Adaptation functions that share their name with a document leave: what was learned about
        that name would be knowledge of the target.

        Raises:
            DataError: too few adaptation functions are left.
        """
        targets = {document.name for document in self.documents}
        kept = [snippet for snippet in self.adaptation if snippet.name not in targets]
        _require_adaptation(len(kept), "undocumented functions with names of their own")
        return replace(
            self,
            documents=tuple(_masked(document) for document in self.documents),
            dev=_with_masked_answers(self.dev),
            labelled=_with_masked_answers(self.labelled),
            test=_with_masked_answers(self.test),
            adaptation=tuple(_masked(snippet) for snippet in kept),
            masked=True,
        )


def source_corpus(
    modules: Sequence[SourceModule],
    tested: Sequence[SourceModule] | None = None,
    *,
    seed: int = 0,
) -> SearchCorpus:
    """Modules -> documented public functions as the pool, all others as the code to adapt on.

    A query is the first sentence of a docstring; the docstring itself is in no document.

    Args:
        modules: the code base to adapt to, and to search unless another one is given.
        tested: the code base to search.
        seed: of the split of the queries.

    Raises:
        DataError: too few documented functions to hold some out, or too few others to adapt on.
    """
    adapted = _functions(modules)
    functions = adapted if tested is None else _functions(tested)
    sentences = {_iri(d): first_sentence(d.docstring) for d in functions}
    unique = Counter(flat(sentence) for sentence in sentences.values())

    def has_query(d: Definition) -> bool:
        sentence = sentences[_iri(d)]
        enough = len(sentence.split()) >= MIN_QUERY_WORDS
        return d.is_public and enough and unique[flat(sentence)] == 1

    above = lines_above([*modules, *(tested or ())])
    pool = _unique_code(_snippet(d, above) for d in functions if has_query(d))
    pool_codes = {flat(snippet.code) for snippet in pool}
    documented = {_iri(d) for d in functions if has_query(d)}
    rest = _unique_code(
        _snippet(d, above)
        for d in adapted
        if _iri(d) not in documented and d.code.count("\n") >= MIN_CODE_LINES
    )
    adaptation = tuple(snippet for snippet in rest if flat(snippet.code) not in pool_codes)
    dev, labelled, test = (
        tuple(Query(sentences[pool[row].iri], pool[row]) for row in rows)
        for rows in _split(len(pool), seed)
    )
    _require_adaptation(len(adaptation), "functions without a docstring that asks for them")
    return SearchCorpus(pool, dev, labelled, test, adaptation)


def snippets_of(modules: Sequence[SourceModule]) -> list[Snippet]:
    """Modules -> all their functions, documented or not."""
    above = lines_above(modules)
    return [_snippet(definition, above) for definition in _functions(modules)]


def _functions(modules: Iterable[SourceModule]) -> list[Definition]:
    """One definition a qualified name: of a getter and its setter the first with a docstring."""
    by_name: dict[str, Definition] = {}
    for definition in (d for module in modules for d in module.definitions if d.kind != "class"):
        first = by_name.setdefault(_iri(definition), definition)
        if definition.docstring and not first.docstring:
            by_name[_iri(definition)] = definition
    return list(by_name.values())


def _split(documents: int, seed: int) -> tuple[tuple[int, ...], ...]:
    dev, labelled = (min(wanted, documents * 15 // 100) for wanted in (DEV, LABELLED))
    if documents < FEWEST:
        raise DataError(
            f"only {documents} documented public functions: too few to hold some out",
            cure=f"give a larger code base: {FEWEST} functions with a first sentence of their own "
            "at the least, some hundred to measure something",
        )
    order = [int(row) for row in np.random.default_rng(seed).permutation(documents)]
    parts = order[:dev], order[dev : dev + labelled], order[dev + labelled :]
    return tuple(tuple(sorted(part)) for part in parts)


def _require_adaptation(functions: int, kind: str) -> None:
    if functions < MIN_ADAPTATION:
        raise DataError(
            f"only {functions} {kind}: too few to adapt the encoder on",
            cure=f"give a larger code base: at the least {MIN_ADAPTATION} such functions of "
            f"{MIN_CODE_LINES + 1} lines, some hundred to learn something",
        )


def _iri(d: Definition) -> str:
    return iri_of(d.qualified, d.language)


def _snippet(d: Definition, above: Mapping[str, str]) -> Snippet:
    written = d.parameters, d.calls, d.returned
    return Snippet(_iri(d), d.name, d.module, d.code, *written, above[d.qualified])


def _unique_code(snippets: Iterable[Snippet]) -> tuple[Snippet, ...]:
    return tuple({flat(snippet.code): snippet for snippet in snippets}.values())


def _masked(snippet: Snippet) -> Snippet:
    """`_name` gives `name` away as well as `name` itself does."""
    own_name = re.compile(rf"\b_*{re.escape(snippet.name.strip('_'))}_*\b")
    return replace(
        snippet,
        code=own_name.sub(MASK, snippet.code),
        parameters=tuple(own_name.sub(MASK, name) for name in snippet.parameters),
        calls=tuple(own_name.sub(MASK, name) for name in snippet.calls),
        returned=own_name.sub(MASK, snippet.returned),
        above=own_name.sub(MASK, snippet.above),
    )


def _with_masked_answers(queries: Sequence[Query]) -> tuple[Query, ...]:
    return tuple(replace(query, answer=_masked(query.answer)) for query in queries)
