"""A run of code search that answers over HTTP and to coding assistants."""
