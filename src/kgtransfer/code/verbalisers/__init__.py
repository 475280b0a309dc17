"""Code in words: for each kind of code what it is grounded on, its queries and its context."""
