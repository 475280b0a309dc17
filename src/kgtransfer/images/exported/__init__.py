"""Fitted models of images as others use them: a plain module, its folder, and further formats."""
