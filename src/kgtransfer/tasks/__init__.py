"""Head, loss and metrics of one kind of task each."""
