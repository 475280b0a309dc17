"""Source code -> a Turtle file with its API graph, and what is in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import (
    PassedOver,
    require_modules,
    say_passed_over,
    stream_modules,
)
from kgtransfer.errors import ConfigError
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.code.languages.tables import Language

__all__ = ["WrittenGraph", "require_turtle", "write_code_graph"]


@dataclass(frozen=True)
class WrittenGraph:
    """What a file with an API graph holds."""

    path: Path
    triples: int
    modules: int
    classes: int
    functions: int
    languages: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]

    def to_json(self) -> dict[str, Any]:
        """The same for programs."""
        left = [{"path": str(p.path), "line": p.line, "why": p.why} for p in self.passed_over]
        return {**asdict(self), "path": str(self.path), "passed_over": left}


def require_turtle(out: Path) -> None:
    """Refuse to write a graph where it would not be read as Turtle: it may be somebody's source.

    Raises:
        ConfigError: the name does not end with .ttl.
    """
    if out.suffix != ".ttl":
        raise ConfigError(f"--out {out}: no name of a Turtle file", cure="let it end with .ttl")


def write_code_graph(
    paths: Sequence[str], out: Path, languages: Sequence[str | Language] = ()
) -> WrittenGraph:
    """Source code -> its API graph in Turtle.

    Args:
        paths: folders or files; names of installed Python packages; or `stdlib`.
        out: the file.
        languages: those to read, by name or as tables; every known one where there is none.

    Raises:
        DataError: a path is neither, or none holds source code.
        ConfigError: no language of a name is known, or the file would not be read as Turtle.
    """
    require_turtle(out)
    sources = [source for path in paths for source in find_source(path)]
    passed_over: list[PassedOver] = []
    modules = []
    with bar("reading source code") as advance:
        for module in stream_modules(sources, languages, passed_over.append):
            modules.append(module)
            advance(1, module.name)
    say_passed_over(passed_over)
    require_modules(modules, passed_over)
    graph = build_code_graph(modules)
    write_atomically(out, graph.to_turtle().encode())
    kinds = Counter(d.kind for module in modules for d in module.definitions)
    counts = Counter(module.language for module in modules)
    return WrittenGraph(
        path=out,
        triples=len(graph),
        modules=len({(module.language, module.name) for module in modules}),
        classes=kinds["class"],
        functions=kinds["function"] + kinds["method"],
        languages=tuple(language for language, _ in counts.most_common()),
        passed_over=tuple(passed_over),
    )
