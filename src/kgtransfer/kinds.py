"""Kinds of sample by name: what each does with its saved runs.

A further kind is one folder, with a module that has the functions of `Kind`, and one line in
`KINDS`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from kgtransfer.errors import ConfigError, RunError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.edits.plan import Plan
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.runs.explanation import Explanation
    from kgtransfer.runs.output import Output

__all__ = [
    "KINDS",
    "Kind",
    "Measuring",
    "Retraining",
    "SavedRun",
    "Serving",
    "kind_named",
    "kind_of",
    "load",
    "measuring",
    "serving",
]

#: Kind of sample, as a run's result.json names it -> the module that has the functions of `Kind`;
#: it is imported when it is asked for the first time.
KINDS = {
    "images": "kgtransfer.images.kind",
    "code": "kgtransfer.code.kind",
    "nodes": "kgtransfer.nodes.kind",
    "links": "kgtransfer.link_prediction.kind",
}


class SavedRun(Protocol):
    """A run read back; its kind adds models and data."""

    @property
    def folder(self) -> Path:
        """Where it lies."""
        ...

    @property
    def result(self) -> RunResult:
        """Its scores."""
        ...

    @property
    def graph(self) -> KnowledgeGraph:
        """Its ontology."""
        ...


class Retraining(Protocol):
    """A run and an edit of its ontology, ready to be brought together."""

    @property
    def is_needed(self) -> bool:
        """Whether the edit says anything that the run does not know."""
        ...

    @property
    def plan(self) -> Plan:
        """What is going to be done, and why."""
        ...

    def run(self, out: Path) -> RunResult:
        """Do it, and write a new run into a folder."""
        ...


class Kind(Protocol):
    """A kind of sample: a module with these functions.

    What a kind cannot do it refuses in one line, with a cure, by a `RunError`.
    """

    def load(self, folder: Path) -> SavedRun:
        """Folder of a run -> the run, its models ready to give the same scores to the bit."""
        ...

    def predict(
        self,
        folder: Path,
        questions: Sequence[str],
        *,
        count: int,
        like: Path | None,
        say: Sequence[str] = (),
    ) -> Output:
        """Ask a saved run.

        Args:
            folder: of the run.
            questions: samples, or words, as the user wrote them.
            count: how many answers are wanted, where there is a choice.
            like: further samples from where these come from, where that is not the run's source.
            say: what a person says that the samples show, as `CONCEPT=yes`, in place of what was
                measured.
        """
        ...

    def explain(self, folder: Path, test: str, pieces: Sequence[str]) -> Explanation:
        """Leave out pieces of a saved run's knowledge in turn, and score it again.

        Args:
            folder: of the run.
            test: name of the data set; empty for the one to choose by.
            pieces: which kinds of pieces; all where there are none.
        """
        ...

    def retraining(self, folder: Path, graph: KnowledgeGraph) -> Retraining:
        """Folder of a run, and its edited ontology -> what is to be done."""
        ...

    def export(
        self, folder: Path, out: Path, forms: Sequence[str], *, labels: int | None, seed: int
    ) -> Output:
        """Write a fitted model of a saved run into a new folder, for other programs.

        Args:
            folder: of the run.
            out: the new folder.
            forms: how it leaves, such as "hub" or "onnx"; a kind names those that it has.
            labels: per class, that the model learned from, where the run keeps several.
            seed: of the model, where the run keeps several.
        """
        ...

    def ground(
        self,
        sample: Path,
        ontology: Sequence[Path],
        *,
        like: Path | None,
        out: Path | None,
        measures: str,
        sources: Sequence[str],
    ) -> Output:
        """Draw which concepts of an ontology one sample shows.

        Args:
            sample: its file.
            ontology: files.
            like: folder of samples from the same source.
            out: file of the picture; by default beside the sample.
            measures: code of the user's own that measures, as settings name it; empty for none.
            sources: names of sources of grounding; empty for the kind's own.
        """
        ...


@runtime_checkable
class Measuring(Protocol):
    """What a kind has too whose concepts are found by measuring, with thresholds."""

    def suggest(
        self,
        ontology: Sequence[Path],
        data: str,
        *,
        out: Path,
        measures: str,
        every: bool,
        limit: int,
    ) -> Output:
        """Show how the measures of an ontology are distributed over samples, without labels.

        Args:
            ontology: files; its concepts need no thresholds yet.
            data: where the samples are.
            out: folder of the plots.
            measures: code of the user's own that measures, as settings name it; empty for none.
            every: with the measures that the ontology does not use.
            limit: how many samples are measured at most.
        """
        ...

    def new(self, folder: Path, name: str) -> Output:
        """Write a small start of a domain of one's own.

        Args:
            folder: where; what is there already stays as it is.
            name: of the domain, for people; empty for that of the folder.
        """
        ...


@runtime_checkable
class Serving(Protocol):
    """What a kind has too whose saved runs answer as a server."""

    def serve(
        self, folder: Path, *, host: str, port: int, token_file: Path | None, watch: bool = False
    ) -> None:
        """Answer over HTTP until the process is ended.

        Args:
            folder: of the run.
            host: that is listened at.
            port: that is listened at.
            token_file: file of the token that requests must bear.
            watch: follow the files that are answered about.
        """
        ...

    def serve_mcp(self, folder: Path, *, watch: bool = False) -> None:
        """Answer a coding assistant by MCP, over standard input and output."""
        ...

    def reindex(self, folder: Path, path: str) -> Output:
        """Have a run keep an index of what can be found as it is now.

        Args:
            folder: of the run.
            path: of what is indexed; empty for what the run knows.
        """
        ...


def kind_named(name: str) -> Kind:
    """Name -> the kind.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in KINDS:
        raise ConfigError(f"no kind of sample {name!r}", cure=f"kinds are: {', '.join(KINDS)}")
    return cast("Kind", import_module(KINDS[name]))


def measuring(name: str) -> Measuring:
    """Name -> the kind, one that measures.

    Raises:
        ConfigError: there is none of that name, or it does not measure.
    """
    kind = kind_named(name)
    if not isinstance(kind, Measuring):
        raise ConfigError(
            f"{name} are grounded without measures and thresholds", cure="this is for images"
        )
    return kind


def kind_of(folder: Path) -> Kind:
    """Folder of a saved run -> the kind of its samples.

    Raises:
        RunError: the folder holds no run, one of another protocol, or of a kind not known here.
    """
    from kgtransfer.experiments.result_form import require_form
    from kgtransfer.experiments.results import read_result

    result = read_result(folder)
    require_form(result, str(folder / "result.json"))
    if result["kind"] not in KINDS:
        raise RunError(
            f"{folder} is a run over {result['kind'] or 'samples of no kind'}, not known here",
            cure=f"kinds are: {', '.join(KINDS)}",
        )
    return kind_named(result["kind"])


def serving(folder: Path) -> Serving:
    """Folder of a saved run -> its kind, one that answers as a server.

    Raises:
        RunError: the folder holds no run, or one of a kind that does not.
    """
    kind = kind_of(folder)
    if not isinstance(kind, Serving):
        raise RunError(
            f"{folder} is no run of code search: only these are served",
            cure="ask it by kgtransfer predict",
        )
    return kind


def load(folder: str | Path, *, verify_with: str | Path | None = None) -> SavedRun:
    """Read a run back: what it was trained on, and models that give the same scores to the bit.

    Args:
        folder: of the run.
        verify_with: file of a public key; the run is read only where that key signed it.

    Raises:
        SignatureError: the run is not signed by that key, or not what was signed.
        RunError: a file is missing, cut off or altered; the ontology is not the one of the run; or
            its kind keeps no model that can be read back.
    """
    if verify_with:
        from kgtransfer.signing import verify_folder

        verify_folder(folder, verify_with)
    return kind_of(Path(folder)).load(Path(folder))


if TYPE_CHECKING:  # every module above is a `Kind`
    from kgtransfer.code import kind as code
    from kgtransfer.images import kind as images
    from kgtransfer.link_prediction import kind as links
    from kgtransfer.nodes import kind as nodes

    _images: Kind = images
    _measuring: Measuring = images
    _code: Kind = code
    _serving: Serving = code
    _nodes: Kind = nodes
    _links: Kind = links
