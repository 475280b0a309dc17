"""Measures that a user's own code takes: read, trusted, and kept with the run."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import isclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import CodeError, KgTransferError
from kgtransfer.grounding.measured import Unmeasured
from kgtransfer.images.measurer import ImageMeasurer
from kgtransfer.trust import CodeUnit, require_trust
from kgtransfer.trust.naming import GROUPS, named_code
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.trust import InstalledCode, NamedBy

    Floats = npt.NDArray[np.float64]

__all__ = ["CODE", "OwnMeasures", "own_measures", "tell_of_edits"]

CODE = "code"  # folder inside a run
NAMES = ("measures", "MEASURES")
CURE = "give a dict from the IRI of a measure to a function of one image, or an object with "
CURE += "`measures` (IRIs) and `measure(images)`"


@dataclass(frozen=True)
class OwnMeasures:
    """Code that may run, and what of it takes measures.

    Attributes:
        code: a unit of files, or what is installed.
        attribute: name of what is meant in it; empty for what is called `measures`.
    """

    code: CodeUnit | InstalledCode
    attribute: str = ""
    _unnamed: set[str] = field(default_factory=set, repr=False, compare=False)

    def warn_unnamed(self, measures: str) -> None:
        """Warn that an ontology names none of the measures; once.

        Args:
            measures: what they are called.
        """
        if measures not in self._unnamed:
            self._unnamed.add(measures)
            message = f"the ontology names no measure of {self.code.label}: {measures}"
            warnings.warn(message, Unmeasured, stacklevel=3)

    def measurer(self, cache: str | Path | None = None) -> Measurer[Picture]:
        """Run the code: what it measures, as a measurer.

        A table of functions measures on all cores; an object is called once, with all images.

        Args:
            cache: see `ImageMeasurer`; an object of one's own keeps what it likes.

        Raises:
            CodeError: the code fails, or what it defines takes no measures.
        """
        value, label = self._value(), self.code.label
        digest = bytes.fromhex(self.code.hash) + self.attribute.encode()
        if isinstance(value, Mapping):
            wrong = [key for key, function in value.items() if not callable(function)]
            if wrong or not value or not all(isinstance(key, str) for key in value):
                raise CodeError(f"{label}: its measures are no functions by IRI", cure=CURE)
            functions = {iri: _OwnFunction(self, iri, value) for iri in value}
            return ImageMeasurer(functions, cache, code=digest)
        if not hasattr(value, "measures") or not callable(getattr(value, "measure", None)):
            raise CodeError(f"{label}: nothing in it takes measures", cure=CURE)
        return _OwnObject(value, label, digest)

    def save(self, folder: Path) -> None:
        """Keep the code in the folder of a run; installed code is kept by its name alone."""
        if isinstance(self.code, CodeUnit):
            self.code.save(folder / CODE)

    def _value(self) -> Any:
        if not isinstance(self.code, CodeUnit):
            value = self.code.load()
        elif self.attribute:
            value = self.code.load(self.attribute)
        else:  # a whole file: its table, or functions of its own called measures and measure
            module = self.code.load()
            tables = (getattr(module, name, None) for name in NAMES)
            value = next((table for table in tables if isinstance(table, Mapping)), module)
        if not isclass(value):
            return value
        try:
            return value()
        except Exception as error:
            raise CodeError(f"{self.code.label}: {type(error).__name__}: {error}") from error


class _OwnFunction:
    """A function of the user's by its IRI; other processes load the same code for themselves."""

    def __init__(self, own: OwnMeasures, iri: str, table: Mapping[str, Any] | None = None) -> None:
        self._own, self._iri = own, iri
        function = (table or own._value())[iri]
        self._function = _named(_number(function), own.code.label, iri)

    def __reduce__(self) -> tuple[Any, ...]:
        return _OwnFunction, (self._own, self._iri)

    def __call__(self, image: Picture) -> float:
        return float(self._function(image))


class _OwnObject:
    """A user's measurer with the digest of its code."""

    def __init__(self, measurer: Measurer[Picture], label: str, code: bytes) -> None:
        self.measures, self.code = tuple(map(str, measurer.measures)), code
        self._measurer, self._label = measurer, label

    def measure(self, samples: Sequence[Picture]) -> Floats:
        """See `Measurer`."""
        table = _named(self._measurer.measure, self._label, "measure")(samples)
        taken: Floats = np.asarray(table, dtype=np.float64)
        if taken.shape != (len(samples), len(self.measures)):
            raise CodeError(
                f"{self._label}: measure gave a table {taken.shape} of {len(samples)} images and "
                f"{len(self.measures)} measures",
                cure="give a row for each image and a column for each of `measures`",
            )
        return taken


def own_measures(
    name: str, named_by: NamedBy = "command line", run: Path | None = None
) -> OwnMeasures | None:
    """Name of the user's code -> the code, which may run; None where the name is empty.

    Args:
        name: a file, FILE:NAME, or an entry point.
        named_by: who names it; see `kgtransfer.trust.require_trust`.
        run: folder of the run that it is read back from: its own copy of the code is taken.

    Raises:
        CodeError: the code is not there, or is neither trusted nor the user's own.
    """
    if not name:
        return None
    if run is None:
        code, attribute = named_code(name)
        require_trust(code, named_by)
    else:
        code, attribute = _code_of_run(name, run)
        require_trust(code, "run")
    return OwnMeasures(code, attribute)


def tell_of_edits(name: str, run: Path) -> None:
    """Say that code was edited since a run kept it: it is the run's copy that measures.

    Args:
        name: as the settings of the run have it; looked for in the current folder.
        run: folder of the run.
    """
    place = name if name.endswith(".py") else name.rpartition(":")[0]
    try:
        edited = (
            Path(place).is_file() and CodeUnit.read(place).hash != CodeUnit.read(run / CODE).hash
        )
    except CodeError:  # whoever runs it says what is wrong with it
        return
    if edited:
        say(
            f"warning: {place} is not what {run} keeps: the run's copy measures",
            "changed measures want a new run: kgtransfer train",
        )


def _code_of_run(text: str, run: Path) -> tuple[CodeUnit | InstalledCode, str]:
    place, _, attribute = text.rpartition(":")
    if place.startswith(GROUPS):
        return named_code(text)
    return CodeUnit.read(run / CODE), attribute if place.endswith(".py") else ""


def _number(function: Callable[[Any], Any]) -> Callable[[Any], float]:
    """The same function; what it gives is a number, or it fails."""
    return lambda image: float(function(image))


def _named(function: Callable[[Any], Any], label: str, name: str) -> Callable[[Any], Any]:
    """The same function; where it fails, the error names it."""

    def called(value: Any) -> Any:
        try:
            return function(value)
        except KgTransferError:
            raise
        except (Exception, SystemExit) as error:
            raise CodeError(
                f"{label}: {name}: {type(error).__name__}: {error}",
                cure="give a number for each image, nan where it does not have what is measured",
            ) from error

    return called
