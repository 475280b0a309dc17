"""Image data sets: tables and folders read, decoded, preprocessed and split."""
