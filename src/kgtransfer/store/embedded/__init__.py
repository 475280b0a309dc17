"""The graph store in one local file, its engine in a process of its own."""
