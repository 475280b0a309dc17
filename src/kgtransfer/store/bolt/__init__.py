"""The graph store on a server that speaks Bolt."""
