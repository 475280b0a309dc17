"""WordNet's nouns as a hierarchy: synsets and what lies above them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import DataError
from kgtransfer.utils.bounded import read_packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SYNSET", "WordNet", "linked_synsets", "read_wordnet", "synset_iri"]

SYNSET = "http://wordnet-rdf.princeton.edu/wn30/"
"""Start of the IRIs of WordNet 3.0's synsets: `SYNSET + "02084071-n"` is the dog."""

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_LINKS = tuple(_SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch"))
_COLUMNS = ("wnid", "hypernyms")
MAX_BYTES = 256 * 2**20
"""Largest table read, unpacked."""


@dataclass(frozen=True)
class WordNet:
    """Synsets by their ids of ImageNet, "n" and eight digits (Fellbaum, WordNet, 1998).

    Attributes:
        hypernyms: synset -> the synsets right above it.
        senses: noun, in small letters -> the synsets that it may mean; empty where a table has
            no column `lemmas`.
        words: synset -> its first noun; empty likewise.
    """

    hypernyms: Mapping[str, tuple[str, ...]]
    senses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def hypernym_distances(self, synset: str) -> dict[str, int]:
        """Synset -> steps on the shortest way to each that lies above it, and 0 to itself."""
        steps, queue = {synset: 0}, [synset]
        for hyponym in queue:  # grows
            for hypernym in self.hypernyms.get(hyponym, ()):
                if hypernym not in steps:
                    steps[hypernym] = steps[hyponym] + 1
                    queue.append(hypernym)
        return steps

    def noun_of(self, name: str) -> tuple[str, ...]:
        """Name -> senses of its longest end that is a noun, also in the plural; or none."""
        words = name.lower().split()
        for start in range(len(words)):
            noun = " ".join(words[start:])
            for end, instead in (("", ""), ("s", ""), ("es", ""), ("ies", "y")):
                form = noun.removesuffix(end) + instead
                if noun.endswith(end) and form in self.senses:
                    return self.senses[form]
        return ()


def read_wordnet(file: str | Path) -> WordNet:
    """Table of nouns, tab-separated: `wnid`, `hypernyms`, `lemmas` (by "|") -> `WordNet`.

    Raises:
        DataError: the file is missing, or no such table.
    """
    path = Path(file)
    try:
        lines = io.StringIO(read_packed(path, MAX_BYTES).decode(), newline="")
        reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := [name for name in _COLUMNS if name not in (reader.fieldnames or ())]:
            raise DataError(
                f"{path}:1: no column {' and no column '.join(missing)}",
                cure="give a table of WordNet's nouns with wnid and hypernyms",
            )
        rows = list(reader)
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(
            f"{path}: WordNet's nouns cannot be read ({error})",
            cure="give a table made of WordNet 3.0 (wordnet.princeton.edu, WordNet License)",
        ) from error
    senses: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    for row in rows:
        for lemma in _parts(row.get("lemmas")):
            noun = lemma.replace("_", " ")
            words.setdefault(row["wnid"], noun)
            senses[noun.lower()] = (*senses.get(noun.lower(), ()), row["wnid"])
    return WordNet({row["wnid"]: _parts(row["hypernyms"]) for row in rows}, senses, words)


def synset_iri(wnid: str) -> str:
    """Id of a synset -> IRI: n02084071 -> http://wordnet-rdf.princeton.edu/wn30/02084071-n."""
    return f"{SYNSET}{wnid[1:]}-n"


def linked_synsets(graph: KnowledgeGraph, concept: str) -> tuple[str, ...]:
    """Concept -> ids of the synsets that skos:exactMatch, closeMatch or broadMatch link it to."""
    synsets = {
        "n" + target.value.removeprefix(SYNSET).removesuffix("-n")
        for link in _LINKS
        for target in graph.objects(concept, link)
        if target.value.startswith(SYNSET) and target.value.endswith("-n")
    }
    return tuple(sorted(synsets))


def _parts(cell: str | None) -> tuple[str, ...]:
    return tuple(part for part in (cell or "").split("|") if part)
