"""What authors test their rulesets with: scripted answers, endpoints that misbehave on demand."""
