"""Link prediction as a task: a graph embedded, and how well held-out links are found."""
