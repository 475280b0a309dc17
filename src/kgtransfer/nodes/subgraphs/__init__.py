"""Small graphs around nodes: walked, positioned, batched, kept."""
