"""The graph behind a tensor: nodes, saved tensors, and who is who."""
