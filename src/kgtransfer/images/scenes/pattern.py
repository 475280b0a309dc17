"""Pattern: whether like things repeat at equal distances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.scenes.scene import Scene

    Floats = npt.NDArray[np.float64]

__all__ = ["repetition"]

FINE = 3.0  # pixels; slower changes of brightness are taken out
NOISE = 0.02  # contrast that counts as nothing
NEAREST = 3  # pixels from one thing to the next, at least


def repetition(scene: Scene) -> float:
    """Height of the highest peak of the autocorrelation, other than the one at distance zero.

    Of brightness whose slow changes and whose local contrast are taken out, at distances up to half
    of the scene; a peak is higher than everything within two pixels. Noise has about .05.
    """
    fine = scene.brightness - ndimage.gaussian_filter(scene.brightness, FINE)
    fine = fine / np.sqrt(ndimage.gaussian_filter(fine**2, FINE) + NOISE**2)
    correlation = _autocorrelation(fine - fine.mean())
    peaks = correlation == ndimage.maximum_filter(correlation, 5)
    down, right = (n // 2 for n in correlation.shape)
    peaks[down - NEAREST : down + NEAREST + 1, right - NEAREST : right + NEAREST + 1] = False
    peaks[[0, -1]] = peaks[:, [0, -1]] = False
    return float(correlation[peaks].max(initial=0.0))


def _autocorrelation(values: npt.NDArray[np.float32]) -> Floats:
    """At distances up to half of the sides, zero in the middle; 1 there, 0 where all is even."""
    far = [n // 2 for n in values.shape]
    double = [2 * n for n in values.shape]
    sums = np.fft.irfft2(np.abs(np.fft.rfft2(values, double)) ** 2, double)
    sums = np.roll(sums, far, (0, 1))[: 2 * far[0] + 1, : 2 * far[1] + 1]
    counts = [n - np.abs(np.arange(-f, f + 1)) for n, f in zip(values.shape, far, strict=True)]
    return np.asarray(sums / np.outer(*counts) / max(float(values.var()), 1e-6))
