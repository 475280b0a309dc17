from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import DataError
from kgtransfer.images.data.folder import image_files, read_image_table

TABLE = "image,label,split,granules\nb/1.png,monocyte,train,nil\na/2.png,basophil,test,\n"


def draw(path: Path, colour: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (20, 20), colour).save(path)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "labels.csv").write_text(TABLE)
    draw(tmp_path / "b/1.png", 10)
    draw(tmp_path / "a/2.png", 20)
    return tmp_path


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "images.zip", "w") as archive:
        for file in list(folder.glob("*/*.png")):
            archive.write(file, file.relative_to(folder))
            file.unlink()
    return folder


@pytest.mark.parametrize("pack", [lambda folder: folder, zipped], ids=["folder", "archive"])
def test_a_table_names_images_beside_it_or_in_an_archive(table, pack):
    images = read_image_table(pack(table))
    assert images.labels == ("monocyte", "basophil")
    assert images.classes == ("basophil", "monocyte")
    assert images.targets.tolist() == [1, 0]
    assert images.columns == {"split": ("train", "test"), "granules": ("nil", "")}
    assert [int(picture[0, 0, 0]) for picture in images.pictures()] == [10, 20]


def test_a_folder_a_class_needs_no_table(tmp_path):
    draw(tmp_path / "cat/deep/1.png")
    draw(tmp_path / "dog/2.PNG")
    (tmp_path / "dog/notes.txt").write_text("no image")
    images = read_image_table(tmp_path)
    assert images.names == ("cat/deep/1.png", "dog/2.PNG")
    assert images.labels == ("cat", "dog")


def test_rows_are_chosen_by_a_column(table):
    images = read_image_table(table)
    chosen = images.where("split", "test")
    assert (chosen.names, chosen.columns["granules"]) == (("a/2.png",), ("",))
    with pytest.raises(DataError, match=r"no image with split val\n.*test, train"):
        images.where("split", "val")
    with pytest.raises(DataError, match=r"no column domain\n.*granules, split"):
        images.where("domain", "photo")


def test_one_bad_image_does_not_end_the_others(table):
    (table / "b/1.png").write_bytes(b"no image")
    bad, good = read_image_table(table).pictures()
    assert isinstance(bad, DataError)
    assert "b/1.png: not an image" in str(bad)
    assert isinstance(good, np.ndarray)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../secret.png", "lies outside"),
        ("/etc/hostname", "lies outside"),
        ("b/9.png", "cannot be read"),
        (f"{'b' * 300}.png", "cannot be read"),
    ],
)
def test_an_image_that_is_not_in_the_folder_is_named(table, name, message):
    draw(table.parent / "secret.png")
    (table / "labels.csv").write_text(f"image,label\nb/1.png,x\n{name},y\n")
    _, refused = read_image_table(table).pictures()
    assert message in str(refused)
    assert name in str(refused)


def test_an_image_that_the_archive_lacks_is_named(table):
    images = read_image_table(zipped(table))
    (table / "labels.csv").write_text(TABLE + "b/9.png,x,,\n")
    *_, refused = read_image_table(images.folder).pictures()
    assert "images.zip: holds no b/9.png" in str(refused)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("picture,label\nb/1.png,x\n", r"labels.csv:1: no column image"),
        ("image,label\n", "names no image"),
        ("image,label\nb/1.png\n", r"labels.csv:2: not as many cells"),
        ("image,label\nb/1.png,x,y\n", r"labels.csv:2: not as many cells"),
        ("image,label\nb/1.png,\n", r"labels.csv:2: no label"),
        ("image,label\ngone.png,x\n", r"gone.png is not there, and 0 zip archives are"),
        ("image,label\nb/1.png,x\ncircle/1.png,y\n", r"circle: a link that leads out"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(table, text, message):
    (table / "circle").symlink_to(table / "circle")
    (table / "labels.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        read_image_table(table)


def test_a_table_that_is_no_text_is_refused(table):
    (table / "labels.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not a table in UTF-8"):
        read_image_table(table)


def test_a_damaged_archive_is_refused(table):
    archive = zipped(table) / "images.zip"
    archive.write_bytes(archive.read_bytes()[:40])
    with pytest.raises(DataError, match=r"images.zip: damaged"):
        read_image_table(table)


def test_a_folder_without_images_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"neither labels.csv nor folders of images"):
        read_image_table(tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        read_image_table(tmp_path / "gone")


@pytest.mark.parametrize("lie", [False, True], ids=["declared", "lied about"])
def test_a_member_that_unpacks_to_too_much_is_refused(table, monkeypatch, lie):
    archive = zipped(table) / "images.zip"
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("large.png", bytes(4_000_000))
    if lie:
        true, false = struct.pack("<I", 4_000_000), struct.pack("<I", 1000)
        archive.write_bytes(archive.read_bytes().replace(true, false))
    (table / "labels.csv").write_text("image,label\nlarge.png,x\nb/1.png,x\n")
    monkeypatch.setattr("kgtransfer.images.data.folder.MAX_BYTES", 2_000_000)
    large, small = read_image_table(table).pictures()
    assert isinstance(large, DataError)
    assert str(large).startswith(f"{archive}/large.png: ")
    assert ("declares 4 MiB unpacked" in str(large)) is not lie
    assert small[0, 0, 0] == 10


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_of_rare_packings_are_refused(table, packing):
    archive = zipped(table) / "images.zip"
    with zipfile.ZipFile(archive, "a", packing) as opened:
        opened.writestr("rare.png", bytes(1000))
    (table / "labels.csv").write_text("image,label\nrare.png,x\n")
    (found,) = read_image_table(table).pictures()
    assert isinstance(found, DataError)
    assert f"{archive}/rare.png: packed in a rare way" in str(found)


def test_a_file_beside_the_table_that_is_too_large_is_refused(table, monkeypatch):
    (table / "b/1.png").write_bytes(bytes(3_000_000))
    monkeypatch.setattr("kgtransfer.images.data.folder.MAX_BYTES", 2_000_000)
    large, small = read_image_table(table).pictures()
    assert "b/1.png: more than 2 MiB unpacked" in str(large)
    assert small[0, 0, 0] == 20


@pytest.mark.parametrize(
    ("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")], ids=repr
)
def test_another_separator_is_named_with_the_cure(table, mark, name):
    text = TABLE.replace(",", mark).replace("nil", "0,5")  # decimal commas come with them
    (table / "labels.csv").write_text(text)
    message = rf"labels.csv:1: its cells are separated by {name}, not by commas\n.*CSV with commas"
    with pytest.raises(DataError, match=message):
        read_image_table(table)


@pytest.mark.parametrize("named", [True, False], ids=["table", "tree"])
@pytest.mark.parametrize("link", ["a", "a/2.png", "b/deep"])
def test_links_that_lead_out_are_refused_before_any_image_is_read(table, named, link):
    elsewhere = table.parent / "elsewhere"
    draw(elsewhere / "2.png")
    (table / "a/2.png").unlink()
    if link == "a":
        (table / "a").rmdir()
    (table / link).symlink_to(elsewhere / "2.png" if link.endswith(".png") else elsewhere)
    if named:
        image = {"a": "a/2.png"}.get(link, link if link.endswith(".png") else f"{link}/2.png")
        (table / "labels.csv").write_text(f"image,label\nb/1.png,x\n{image},y\n")
    else:
        (table / "labels.csv").unlink()
    with pytest.raises(DataError) as refused:
        read_image_table(table)
    assert str(refused.value).startswith(f"{table / link}: a link that leads out of the data set")
    assert refused.value.cure == f"copy what the links lead to: cp -rL {table} COPY"


def test_a_link_to_a_data_set_and_links_within_it_are_followed(table):
    (table / "labels.csv").unlink()
    (table / "a/3.png").symlink_to(table / "b/1.png")
    linked = table.parent / "linked"
    linked.symlink_to(table)
    images = read_image_table(linked)
    assert images.names == ("a/2.png", "a/3.png", "b/1.png")
    assert [int(picture[0, 0, 0]) for picture in images.pictures()] == [20, 10, 10]


def test_copies_that_programs_hide_are_no_samples(table):
    for name in (".ipynb_checkpoints/1.png", "__MACOSX/b/._1.png", "b/.thumbs/1.png", "b/._1.png"):
        draw(table / name)
    (table / "labels.csv").unlink()
    assert read_image_table(table).names == ("a/2.png", "b/1.png")
    assert image_files(table) == [table / "a/2.png", table / "b/1.png"]


def test_images_in_no_folder_of_a_class_are_told(table, capsys):
    (table / "labels.csv").unlink()
    draw(table / "3.png")
    assert read_image_table(table).labels == ("a", "b")
    assert "1 images in no class's folder are left out:\n3.png" in capsys.readouterr().err


def test_folders_of_splits_hold_folders_of_classes(tmp_path):
    for name in ("Train/cat/1.png", "Train/dog/2.png", "test/cat/3.png"):
        draw(tmp_path / name)
    images = read_image_table(tmp_path)
    assert images.labels == ("cat", "dog", "cat")
    assert images.columns == {"split": ("Train", "Train", "test")}


@pytest.mark.parametrize("names", [("train/1.png", "test/2.png"), ("train/a/1.png", "car/a/2.png")])
def test_classes_may_be_called_as_splits_are(tmp_path, names):
    for name in names:
        draw(tmp_path / name)
    images = read_image_table(tmp_path)
    assert (images.classes, images.columns) == (tuple(sorted(n.split("/")[0] for n in names)), {})
