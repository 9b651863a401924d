"""Models that answer closed questions in this process: sentence embeddings, with or without a trained head."""
