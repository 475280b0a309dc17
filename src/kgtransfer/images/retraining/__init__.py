"""A run over images brought up to date with its edited ontology."""
