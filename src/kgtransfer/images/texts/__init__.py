"""Any text as a score of any image: a classifier opened to words, or an image-text model."""
