"""White blood cells: from an image to masks and measures."""
