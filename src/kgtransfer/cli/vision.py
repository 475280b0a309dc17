"""The verb that shows what an image is grounded on: ground."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgtransfer.cli.base import Json, print_json
from kgtransfer.errors import DataError
from kgtransfer.utils.terminal import tell

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kgtransfer.grounding.measured import MeasuredGrounder

    Image = npt.NDArray[np.uint8]

verbs = typer.Typer()


@verbs.command(epilog="Example: `kgtransfer ground cell.jpg --ontology ontology/wbc.ttl`")
def ground(
    image: Annotated[
        Path,
        typer.Argument(help="A stained white blood cell, or a scene from above."),
    ],
    ontology: Annotated[
        list[Path], typer.Option(help="Ontology files; repeatable. Its measures say what is shown.")
    ],
    like: Annotated[
        Path | None,
        typer.Option(help="Folder of images from the same lab: tells sizes and stain apart."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The picture to write.  [default: IMAGE.grounded.png]")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show which concepts an image shows: a picture with what was found, measures and weights."""
    from dataclasses import asdict

    from kgtransfer.grounding.measured import MeasuredGrounder
    from kgtransfer.images.drawing import grounded_values
    from kgtransfer.images.measurers import measurer_for
    from kgtransfer.images.report import draw_grounded
    from kgtransfer.knowledge.io.ontology import read_ontology
    from kgtransfer.report.style import png
    from kgtransfer.utils.files import write_atomically

    pixels = _read(image)
    graph = read_ontology(*ontology)
    grounder: MeasuredGrounder[Image] = MeasuredGrounder(graph, measurer_for(graph))
    shares = _shares(image, pixels, grounder.measurer)
    if like:
        grounder = grounder.fitted(_read_folder(like))
    found = grounded_values(grounder, pixels)
    drawn = out or image.with_suffix(".grounded.png")
    write_atomically(drawn, png(draw_grounded(grounder, pixels)))
    if as_json:
        print_json({"picture": drawn, "share": shares, "concepts": [asdict(v) for v in found]})
        return
    for attribute in dict.fromkeys(value.attribute for value in found):
        best = max((v for v in found if v.attribute == attribute), key=lambda v: v.weight)
        tell(f"{attribute}: {best.label} {best.weight:.2f} ({best.measured})")
    tell(f"picture: {drawn}")


def _shares(image: Path, pixels: Image, kind: object) -> dict[str, float]:
    """Shares of the image that are cell and nucleus, or the covers of a scene."""
    from kgtransfer.images.cells.measurer import CellMeasurer
    from kgtransfer.images.cells.segmentation import segment
    from kgtransfer.images.scenes.drawing import COVERS
    from kgtransfer.images.scenes.scene import Scene

    if not isinstance(kind, CellMeasurer):
        scene = Scene(pixels)
        return {name: float(find(scene).mean()) for name, (find, _) in COVERS.items()}
    cell = segment(pixels)
    if not cell.cell.any():
        raise DataError(
            f"{image}: no stained cell is in it", cure="give a colour image of a stained smear"
        )
    return {"cell": float(cell.cell.mean()), "nucleus": float(cell.nucleus.mean())}


def _read_folder(folder: Path) -> list[Image]:
    """The images in a folder and those below it, without the pictures that `ground` drew."""
    from kgtransfer.images.data.folder import image_files

    return [_read(file) for file in image_files(folder)]


def _read(file: Path) -> Image:
    """An image as RGB of 8 bits."""
    from kgtransfer.images.data.decode import read_picture

    try:
        return read_picture(file.read_bytes(), str(file))
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror})") from error
