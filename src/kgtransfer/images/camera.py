"""A camera simulator: an image -> the same scene as another camera, lamp or focus would show it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float32]

__all__ = ["Camera"]


@dataclass(frozen=True)
class Camera:
    """What a camera does to an image, in this order; by default nothing.

    Attributes:
        blur: standard deviation of a Gaussian out-of-focus blur, in pixels.
        white_balance: factors on the intensities of red, green and blue.
        contrast: 1 keeps it; less adds stray light, which lifts dark pixels towards the mean.
        gamma: exponent of relative intensity: above 1 darkens.
        noise: standard deviation of independent noise, in grey levels of 255.
        jpeg: quality of JPEG compression, 1 to 95; 0 compresses nothing.
    """

    blur: float = 0.0
    white_balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    contrast: float = 1.0
    gamma: float = 1.0
    noise: float = 0.0
    jpeg: int = 0

    def __call__(self, image: Picture, seed: int = 0) -> Picture:
        """RGB of 8 bits `[height, width, 3]` -> as this camera shows it, of the same size.

        Args:
            image: the scene.
            seed: of the noise.
        """
        seen = image.astype(np.float32) / 255
        if self.blur:
            seen = ndimage.gaussian_filter(seen, (self.blur, self.blur, 0))
        seen = seen * np.array(self.white_balance, dtype=np.float32)
        mean = seen.mean(axis=(0, 1))
        seen = np.clip(mean + self.contrast * (seen - mean), 0, 1) ** self.gamma
        if self.noise:
            random = np.random.default_rng(seed)
            seen = seen + random.normal(0, self.noise / 255, seen.shape)
        shown = np.clip(np.round(seen * 255), 0, 255).astype(np.uint8)
        return _compressed(shown, self.jpeg) if self.jpeg else shown

    @classmethod
    def drawn(cls, seed: int) -> Camera:
        """One of many cameras: as much as microscopes of different laboratories differ.

        White balance within 20 % a channel, half of the contrast or more, gamma .7 to 1.4, blur up
        to 2 pixels, noise up to 4 grey levels, JPEG of quality 40 to 95.
        """
        random = np.random.default_rng(seed)
        red, green, blue = random.uniform(0.8, 1.2, 3)
        return cls(
            blur=float(random.uniform(0, 2)),
            white_balance=(float(red), float(green), float(blue)),
            contrast=float(random.uniform(0.5, 1)),
            gamma=float(np.exp(random.uniform(np.log(0.7), np.log(1.4)))),
            noise=float(random.uniform(0, 4)),
            jpeg=int(random.integers(40, 96)),
        )


def _compressed(image: Picture, quality: int) -> Picture:
    with io.BytesIO() as file:
        Image.fromarray(image).save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(file).convert("RGB"))
