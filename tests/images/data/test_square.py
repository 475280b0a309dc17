from __future__ import annotations

import numpy as np

from kgtransfer.images.data.square import fitted_to_square


def test_the_middle_square_is_taken() -> None:
    wide = np.zeros((20, 60, 3), dtype=np.uint8)
    wide[:, 20:40] = 255
    assert fitted_to_square(wide, 32).shape == (32, 32, 3)
    assert fitted_to_square(wide, 32).min() > 250
