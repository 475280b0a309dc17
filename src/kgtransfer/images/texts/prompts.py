"""Names of things -> the sentences by which images and texts meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PROMPTS", "class_descriptions", "prompted"]

PROMPTS = ("{}", "a photo of a {}", "a picture of a {}")
"""What a text is put into before it is encoded; the mean of the vectors is that of the text."""

_SELECTIONS = {1000: "imagenet-1k", 11821: "imagenet-12k", 21841: "imagenet-22k"}


def prompted(text: str) -> list[str]:
    """A text, such as the name of a class -> the sentences that stand for it."""
    words = text.replace("_", " ").strip()
    return [prompt.format(words) for prompt in PROMPTS]


def class_descriptions(classes: int) -> tuple[list[list[str]], ...]:
    """Number of classes of ImageNet's head -> three ways to say what each class is.

    By its names and gloss, as WordNet has them (Fellbaum, 1998); by a photo of it, with the gloss;
    and by photos of each of its names. Glosses matter: a bare name means something else as often
    as not (a crane, a drake, a bow).

    Returns:
        For each way, the sentences of each class, in the order of the head.

    Raises:
        DataError: no selection of ImageNet that timm knows has so many classes.
    """
    import timm.data

    if classes not in _SELECTIONS:
        raise DataError(
            f"a head of {classes} classes is none of ImageNet",
            cure="give weights with their ImageNet head, or describe each class",
        )
    info: Any = vars(timm.data)["ImageNetInfo"](_SELECTIONS[classes])
    described: Sequence[str] = info.label_descriptions(detailed=True)
    names = [text.partition(": ")[0].split(", ") for text in described]
    glosses = [text.partition(": ")[2] for text in described]
    pairs = list(zip(names, glosses, strict=True))
    return (
        [[text] for text in described],
        [[f"a photo of a {first}, {gloss}"] for (first, *_), gloss in pairs],
        [[f"a photo of a {name}" for name in several] for several in names],
    )
