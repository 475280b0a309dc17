"""`Arm`: one way to do a task, as data: what it stands for, what it is, what it is set against."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, get_args

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Arm", "Method", "Role", "choose_arms", "headline_of", "placebo_of"]

Role = Literal["plain", "knowledge", "placebo", "labels"]


class Method(Protocol):
    """What a task does for an arm: hyper-parameters of its kind, whose `repr` tells them apart."""

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference."""
        ...


M = TypeVar("M", bound=Method)


@dataclass(frozen=True)
class Arm(Generic[M]):
    """One way to do a task.

    Attributes:
        name: what results call it.
        role: `plain`, without the knowledge graph; `knowledge`, with it; `placebo`, with the graph
            shuffled; `labels`, a point of the learning curve of an arm without the graph.
        says: what it is, in a phrase.
        compare_to: names of the arms that it is set against, the most telling first; those that
            were not run are passed over. For a point of a learning curve the arm whose curve it is.
        labels: how many it learns from, where it has a number of its own.
        panel: heading of the figure that it is drawn in; the figure of all arms by default.
        method: what the task does for it; None in results.

    Raises:
        ConfigError: there is no such role, or it is set against itself.
    """

    name: str
    role: Role = "plain"
    says: str = ""
    compare_to: tuple[str, ...] = ()
    labels: int | None = None
    panel: str = ""
    method: M | None = None

    def __post_init__(self) -> None:
        if not self.name or not self.name.isprintable():
            raise ConfigError(f"{self.name!r} is no name of an arm", cure="give printable words")
        if self.role not in get_args(Role):
            roles = ", ".join(get_args(Role))
            raise ConfigError(f"arm {self.name}: no role {self.role!r}", cure=f"roles are: {roles}")
        others: object = self.compare_to
        if not isinstance(others, tuple) or self.name in others:
            raise ConfigError(
                f"arm {self.name}: compare_to is no tuple of other arms' names",
                cure='write compare_to=("none",)',
            )

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference to it."""
        return self.method is None or self.method.is_seeded

    def described(self) -> Arm[Any]:
        """The arm as results keep it: without its method."""
        return replace(self, method=None)

    def to_json(self) -> dict[str, Any]:
        """Its part of result.json."""
        values = asdict(self.described()) | {"compare_to": list(self.compare_to)}
        return {key: value for key, value in values.items() if key not in ("name", "method")}

    @classmethod
    def from_json(cls, name: str, values: Mapping[str, Any]) -> Arm[Any]:
        """Read back what `to_json` wrote."""
        fields = {name: values[name] for name in ("role", "says", "labels", "panel")}
        return cls(name, compare_to=tuple(values["compare_to"]), **fields)


def headline_of(arms: Sequence[Arm[M]]) -> Arm[M] | None:
    """The arm that an experiment is about: the first one with knowledge; None without one."""
    return next((arm for arm in arms if arm.role == "knowledge"), None)


def placebo_of(arms: Sequence[Arm[M]]) -> Arm[M] | None:
    """The first placebo; None without one."""
    return next((arm for arm in arms if arm.role == "placebo"), None)


def choose_arms(
    arms: Sequence[Arm[M]], names: Sequence[str], always: Sequence[str] = ()
) -> list[Arm[M]]:
    """The named arms, and those that must `always` run, in their own order; by default all.

    Raises:
        ConfigError: there is no arm of a name.
    """
    known = {arm.name: arm for arm in arms}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigError(f"no arm {', '.join(unknown)}", cure=f"arms are: {', '.join(known)}")
    chosen = {*names, *always}
    return [arm for name, arm in known.items() if not names or name in chosen]
