"""A saved run classifies images, without its data sets and wherever it lies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kgtransfer.cli import app
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.predict import ImageClassifier
from kgtransfer.images.run import SavedImages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def classify(cell_run: Path, tmp_path_factory: pytest.TempPathFactory) -> ImageClassifier:
    """Of the run alone, moved to another place."""
    moved = tmp_path_factory.mktemp("elsewhere") / "run"
    shutil.copytree(cell_run, moved, ignore=shutil.ignore_patterns("fits"))
    return ImageClassifier(SavedImages.load(moved))


def test_cells_of_the_source_are_named(
    classify: ImageClassifier, cell_labs: tuple[Path, Path]
) -> None:
    names = [f"{label}{n}.png" for label in ("lymphocyte", "neutrophil") for n in (0, 1)]
    predictions = classify([cell_labs[0] / name for name in names])
    assert [next(iter(prediction.shares)) for prediction in predictions] == [
        "lymphocyte", "lymphocyte", "neutrophil", "neutrophil"
    ]  # fmt: skip
    for prediction in predictions:
        assert sum(prediction.shares.values()) == pytest.approx(1)
        assert list(prediction.shares.values()) == sorted(prediction.shares.values())[::-1]
        heaviest = [abs(driver.margin) for driver in prediction.drivers]
        assert heaviest == sorted(heaviest, reverse=True)
        assert sum(driver.margin for driver in prediction.drivers) > 0
        shown = {driver.label for driver in prediction.drivers}
        assert {"measures", "network", "nucleus shape"} <= shown


def test_images_of_another_domain_are_judged_by_what_is_ordinary_there(
    classify: ImageClassifier, cell_labs: tuple[Path, Path]
) -> None:
    away = image_files(cell_labs[1])
    files = [cell_labs[1] / "lymphocyte0.png"]
    (alone,), (beside,) = classify(files), classify(files, like=away)
    assert next(iter(beside.shares)) == "lymphocyte"
    assert alone.shares != beside.shares


def test_an_image_that_fits_no_class_is_outside_of_what_was_seen(
    classify: ImageClassifier, cell_labs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [cell_labs[0] / f"lymphocyte{n}.png" for n in (0, 1)]
    assert [prediction.outside for prediction in classify(files)] == [False, False]
    monkeypatch.setattr(classify, "_least_evidence", 100.0)
    assert [prediction.outside for prediction in classify(files)] == [True, True]
    monkeypatch.setattr(classify, "_least_evidence", None)
    assert not classify(files)[0].outside


def test_bad_images_are_named(classify: ImageClassifier, tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=rf"^{tmp_path}/bad\.png: not an image"):
        classify([tmp_path / "bad.png"])
    with pytest.raises(DataError, match=r"none\.png: no such file"):
        classify([tmp_path / "none.png"])
    with pytest.raises(DataError, match=rf"^{tmp_path}: a folder\n.*/\*\.png"):
        classify([tmp_path])


def test_images_are_called_what_the_user_called_them(
    classify: ImageClassifier, cell_labs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cell_labs[0])
    (found,) = classify([Path("lymphocyte0.png")])
    assert found.image == "lymphocyte0.png"


def test_the_command_prints_shares_and_what_counted(
    cell_run: Path, cell_labs: tuple[Path, Path]
) -> None:
    image = str(cell_labs[0] / "neutrophil0.png")
    done = CliRunner().invoke(app, ["predict", str(cell_run), image, "--json"])
    assert done.exit_code == 0
    (told,) = json.loads(done.stdout)
    assert next(iter(told["shares"])) == "neutrophil"
    shown = CliRunner().invoke(app, ["predict", str(cell_run), image])
    assert "neutrophil0.png: neutrophil 0." in shown.stdout
    assert "nucleus shape" in shown.stdout


def test_what_a_person_says_changes_the_answer(
    classify: ImageClassifier, cell_labs: tuple[Path, Path]
) -> None:
    files = [cell_labs[0] / "neutrophil0.png"]
    ((before, after),) = classify.corrected(files, ["nucleus shape=round nucleus"])
    assert before == classify(files)[0]
    assert before.shares["neutrophil"] > after.shares["neutrophil"]
    shown = {driver.label: driver.shown for driver in after.drivers}
    assert shown["nucleus shape"].startswith("round nucleus 0.9")
    with pytest.raises(ConfigError, match=r"called 'nucleus shap'\n.*wbc:NucleusShape"):
        classify.corrected(files, ["nucleus shap=round nucleus"])


def test_the_command_shows_the_answer_before_and_after(
    cell_run: Path, cell_labs: tuple[Path, Path]
) -> None:
    image = str(cell_labs[0] / "neutrophil0.png")
    command = ["predict", str(cell_run), image, "--say", "nucleus shape=round nucleus"]
    (told,) = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert told["before"]["shares"]["neutrophil"] > told["shares"]["neutrophil"]
    assert told["said"] == ["nucleus shape=round nucleus"]
    shown = CliRunner().invoke(app, command).stdout
    assert "measured: " in shown
    assert "with nucleus shape=round nucleus:" in shown
