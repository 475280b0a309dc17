"""From a sample to the concepts that it shows."""
