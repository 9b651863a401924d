"""Texts that try to talk a model into an answer."""
