"""What a run found, and its folder on disk."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import RunError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores, Comparison, format_score
from kgtransfer.experiments.result_form import PROTOCOL, require_form
from kgtransfer.experiments.setting import (
    VALIDATION,
    LabelEquivalent,
    SettingResult,
    is_validation,
)
from kgtransfer.utils.files import json_bytes, read_bytes, read_json, write_atomically
from kgtransfer.utils.terminal import plain_text, table_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

__all__ = [
    "WRITTEN",
    "ArmScores",
    "Comparison",
    "LabelEquivalent",
    "RunResult",
    "SettingResult",
    "format_score",
    "read_result",
    "signed",
]


WRITTEN = "written_hash"  # among the details: of what people wrote of the run's graph
STRATA, GROUPS = "(strata)", "(groups)"  # beside the arms' scores; no arm is called so


@dataclass(frozen=True, eq=False)
class RunResult:
    """One run of an experiment: every arm, seed and setting.

    Args:
        kind: of sample, a key of `kgtransfer.kinds.KINDS`.
        pipeline: its name.
        data: what it was trained on.
        test: what else it was tested on.
        metric: of the per-sample scores' mean.
        seeds: the seeds in the order of the scores' rows.
        settings: results by setting; the first is the main one.
        environment: versions, device, revision of the code.
        chosen: arm without knowledge -> the method that was chosen for it.
        details: further JSON-able findings for the report; see `kgtransfer.report`.
        graph_hash: digest of the knowledge.
        run_hash: digest of everything that the run depends on.

    Raises:
        RunError: no setting, or scores whose rows are neither one nor one per seed.
    """

    pipeline: str
    data: str
    test: str
    metric: str
    seeds: list[int]
    settings: dict[str, SettingResult]
    kind: str = ""
    environment: Mapping[str, Any] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    graph_hash: str = ""
    run_hash: str = ""

    def __post_init__(self) -> None:
        if not self.settings:
            raise RunError("a run has at least one setting")
        for setting in self.settings.values():
            for arm in setting.arms.values():
                if len(arm.per_sample) not in (1, len(self.seeds)):
                    raise RunError(
                        f"setting {setting.name}, arm {arm.name}: {len(arm.per_sample)} rows of "
                        f"scores for {len(self.seeds)} seeds"
                    )

    @property
    def main(self) -> SettingResult:
        """The setting that the run is about."""
        return next(iter(self.settings.values()))

    @property
    def headline(self) -> str:
        """Name of the arm that the run is about; empty where there is none."""
        return self.main.headline

    def setting(self, name: str | None = None) -> SettingResult:
        """A setting by name; the main one without.

        Raises:
            RunError: there is none of that name.
        """
        if name is None:
            return self.main
        if name not in self.settings:
            raise RunError(f"no setting {name}", cure=f"take one of {', '.join(self.settings)}")
        return self.settings[name]

    def compare(self, a: str, b: str, setting: str | None = None) -> Comparison:
        """Arm `a` against arm `b`, paired over samples and seeds.

        Raises:
            RunError: an arm was not run, or the two do not pair.
        """
        arms = self.setting(setting).arms
        for name in (a, b):
            if name not in arms:
                raise RunError(f"no arm {name} was run", cure=f"take one of {', '.join(arms)}")
        return Comparison.of(arms[a], arms[b])

    def label_equivalent(self, arm: str = "", setting: str | None = None) -> LabelEquivalent | None:
        """See `SettingResult.label_equivalent`."""
        return self.setting(setting).label_equivalent(arm)

    def to_json(self) -> dict[str, Any]:
        """The content of result.json: the main setting at the top, the others in a list."""
        main, *others = self.settings.values()
        return {
            "protocol": PROTOCOL,
            "kind": self.kind,
            "pipeline": self.pipeline,
            "data": self.data,
            "test": self.test,
            "metric": self.metric,
            "seeds": list(self.seeds),
            "headline": self.headline,
            "chosen": dict(self.chosen),
            **main.to_json(),
            "other_settings": [setting.to_json() for setting in others],
            "environment": dict(self.environment),
            "graph_hash": self.graph_hash,
            "run_hash": self.run_hash,
        }

    def save(self, folder: str | Path, also: Mapping[str, str] | None = None) -> Path:
        """Write result.json, scores.safetensors and details.json; each is whole or absent.

        result.json goes last and names the digests of the other two.

        Args:
            folder: of the run.
            also: digests of further files that belong to it, by their paths inside the folder.
        """
        from safetensors.numpy import save as tensor_bytes

        folder = Path(folder)
        scores = {
            _key(setting.name, arm.name): arm.per_sample
            for setting in self.settings.values()
            for arm in setting.arms.values()
        }
        scores |= {
            _key(setting.name, name): np.array(numbers)
            for setting in self.settings.values()
            for arm in setting.arms.values()
            for name, numbers in ((STRATA, arm.strata), (GROUPS, arm.groups))
            if len(numbers)
        }
        contents = {
            "scores.safetensors": tensor_bytes(scores),
            "details.json": json_bytes(dict(self.details)),
        }
        digests = dict(also or {})
        digests |= {name: write_atomically(folder / name, text) for name, text in contents.items()}
        content = signed({**self.to_json(), "files": digests})
        write_atomically(folder / "result.json", json_bytes(content))
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> RunResult:
        """Read what `save` wrote, bit for bit.

        Raises:
            RunError: a file is missing, cut off, or not of the same run as the others.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load as read_tensors

        folder = Path(folder)
        top = read_result(folder)
        require_form(top, str(folder / "result.json"))
        try:
            digests = top["files"]
            details = read_json(folder / "details.json", digests["details.json"])
            path = folder / "scores.safetensors"
            scores = read_tensors(read_bytes(path, digests[path.name]))
            entries, headline = (top, *top["other_settings"]), top["headline"]
            settings = [_setting(entry, scores, headline) for entry in entries]
            plain = ("kind", "pipeline", "data", "test", "metric", "seeds", "chosen")
            hashes = ("environment", "graph_hash", "run_hash")
            fields = {name: top[name] for name in (*plain, *hashes)}
        except (KeyError, TypeError, AttributeError, SafetensorError) as error:
            raise RunError(
                f"{folder / 'result.json'}: lacks or misuses {error}",
                cure="point at the folder of a run that was made to its end",
            ) from error
        return cls(**fields, settings={s.name: s for s in settings}, details=details)

    def table(self) -> str:
        """Arms by settings as text: mean, standard deviation over seeds, 95 % interval.

        Settings of validation samples, to choose by, stand in a table of their own below the tests.
        """
        return "\n\n".join(table_text(self.rich_table(part)) for part in self.parts())

    def parts(self) -> tuple[dict[str, SettingResult], ...]:
        """The settings that test; then those of validation samples, where there are some."""
        tests = {name: s for name, s in self.settings.items() if not is_validation(name)}
        validation = {name: s for name, s in self.settings.items() if is_validation(name)}
        return tuple(filter(None, (tests, validation)))

    def rich_table(self, settings: Mapping[str, SettingResult]) -> Table:
        """As `table`, of some of the settings, for a terminal of any width."""
        from rich.table import Table

        many = len(self.seeds) > 1
        caption = "mean ± sd over seeds [95 % interval over samples and seeds]"
        caption = caption if many else "one seed [95 % interval over samples]"
        tests = not all(map(is_validation, settings))
        what = f"{self.pipeline}: {self.metric}" if tests else f"{VALIDATION} (to choose by)"
        title = plain_text(what, style="table.title")
        table = Table(title=title, caption=plain_text(caption, style="table.caption"))
        table.add_column("arm")
        for name, setting in settings.items():
            header = plain_text(f"{name} ({setting.samples:,} samples)")
            table.add_column(header, justify="right")
        for arm in dict.fromkeys(arm for setting in settings.values() for arm in setting.arms):
            cells = (_cell(setting.arms.get(arm)) for setting in settings.values())
            style = "bold" if arm == self.headline else None
            table.add_row(*map(plain_text, (arm, *cells)), style=style)
        return table


def signed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a result.json with the digest of what it says."""
    return {**content, "sha256": _digest_of(content)}


def read_result(folder: Path) -> dict[str, Any]:
    """The content of a run's result.json.

    Raises:
        RunError: the folder is no run, or the file is not as it was written.
    """
    path = folder / "result.json"
    if not path.is_file():
        raise RunError(
            f"{folder} is no run: it has no result.json",
            cure="name the folder of a run that was made to its end",
        )
    found = read_json(path)
    if found.get("sha256") != _digest_of({k: v for k, v in found.items() if k != "sha256"}):
        raise RunError(f"{path}: altered after the run wrote it", cure="make the run again")
    return found


def _digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of what a JSON file says, whatever its layout."""
    plain = json.loads(json_bytes(content))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _cell(arm: ArmScores | None) -> str:
    if arm is None:
        return ""
    low, high = (format_score(end) for end in arm.ci95)
    spread = f" ± {format_score(arm.sd)}" if len(arm.per_sample) > 1 else ""
    return f"{format_score(arm.mean)}{spread} [{low}, {high}]"


def _key(setting: str, arm: str) -> str:
    return "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in (setting, arm))


def _setting(entry: Mapping[str, Any], scores: Mapping[str, Any], headline: str) -> SettingResult:
    name = entry["setting"]
    strata, groups = (
        scores.get(_key(name, of), np.empty(0, dtype=int)).tolist() for of in (STRATA, GROUPS)
    )
    arms = {
        arm: ArmScores(
            Arm.from_json(arm, saved),
            scores[_key(name, arm)],
            saved["seconds"],
            saved["metrics"],
            strata,
            groups,
        )
        for arm, saved in entry["arms"].items()
    }
    comparisons = (
        Comparison(**{**saved, "ci95": tuple(saved["ci95"])}) for saved in entry["comparisons"]
    )
    labels = entry.get("labels_per_class", 0.0)
    return SettingResult(name, arms, tuple(comparisons), labels, headline)
