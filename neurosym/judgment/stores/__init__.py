"""Where review queues are kept."""
