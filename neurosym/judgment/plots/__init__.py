"""What is shown to people: plots, and pages that load nothing from elsewhere."""
