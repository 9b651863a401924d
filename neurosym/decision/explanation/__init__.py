"""Explanations of decisions: what a proof says, for people and for programs."""
