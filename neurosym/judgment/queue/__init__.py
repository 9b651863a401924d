"""The review queue: what it holds, who may do what with it, where it lies."""
