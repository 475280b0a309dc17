"""Measures that a user's own code takes: read, trusted, and kept with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import isclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import CodeError, KgTransferError
from kgtransfer.images.measurer import ImageMeasurer
from kgtransfer.trust import CodeUnit, require_trust
from kgtransfer.trust.naming import GROUPS, named_code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.config import GroundingConfig
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.trust import InstalledCode

    Floats = npt.NDArray[np.float64]

__all__ = ["CODE", "OwnMeasures", "own_measures"]

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

    def measurer(self, cache: str | Path | None = None) -> Measurer[Picture]:
        """Run the code: what it measures, as a measurer.

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
            functions = {iri: _named(function, label, iri) for iri, function in value.items()}
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


def own_measures(config: GroundingConfig, run: Path | None = None) -> OwnMeasures | None:
    """Settings -> the user's code that they name, which may run; None where they name none.

    Args:
        config: the settings.
        run: folder of the run that they are read back from: its own copy of the code is taken.

    Raises:
        CodeError: the code is not there, or is neither trusted nor the user's own.
    """
    if not config.measures:
        return None
    if run is None:
        code, attribute = named_code(config.measures)
        require_trust(code, config.named_by)
    else:
        code, attribute = _code_of_run(config.measures, run)
        require_trust(code, "run")
    return OwnMeasures(code, attribute)


def _code_of_run(text: str, run: Path) -> tuple[CodeUnit | InstalledCode, str]:
    place, _, attribute = text.rpartition(":")
    if place.startswith(GROUPS):
        return named_code(text)
    return CodeUnit.read(run / CODE), attribute if place.endswith(".py") else ""


def _named(function: Callable[[Any], Any], label: str, name: str) -> Callable[[Any], Any]:
    """The same function; where it fails, the error names it."""

    def called(value: Any) -> Any:
        try:
            return function(value)
        except KgTransferError:
            raise
        except Exception as error:
            raise CodeError(f"{label}: {name}: {type(error).__name__}: {error}") from error

    return called
