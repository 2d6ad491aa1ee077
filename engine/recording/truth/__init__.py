"""The gradients that a program would have had, worked out beside its own."""
