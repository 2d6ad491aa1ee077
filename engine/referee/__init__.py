"""What is wrong with the gradients of a run."""
