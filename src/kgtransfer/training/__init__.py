"""Task-agnostic training: loop, precision, checkpoints."""
