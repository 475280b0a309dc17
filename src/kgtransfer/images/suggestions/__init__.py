"""Where measures of unlabelled images divide: thresholds for an ontology that has none yet."""
