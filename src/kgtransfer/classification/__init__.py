"""Classification as a task: features, logit terms and labels, whatever the samples are."""
