"""A small, working start of a domain of one's own: `files/` rendered by `write`."""
