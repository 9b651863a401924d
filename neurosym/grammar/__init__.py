"""Answer grammars: a text that a model writes, held in its form while it is written and read as a record."""
