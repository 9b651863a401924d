"""How often accepted answers are wrong: what labelled cases say of it, and what may be promised."""
