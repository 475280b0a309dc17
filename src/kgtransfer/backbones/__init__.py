"""Pre-trained models and what they run on."""
