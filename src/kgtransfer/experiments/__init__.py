"""Arms over seeds: what a task is, how its arms are run, compared and kept."""
