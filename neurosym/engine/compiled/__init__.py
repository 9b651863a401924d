"""The compiled evaluator: the reference evaluator's meaning, at speed."""
