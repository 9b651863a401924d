"""What is shown to people: plots, and the pages that they stand on."""
