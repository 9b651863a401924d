"""What comes back over the wires of models: bytes in, the parts that count out."""
