"""One page per diagnostic code, as Markdown beside this file: what it means, what to avoid, what to prefer, why."""
