"""The only place that speaks to models over the network."""
