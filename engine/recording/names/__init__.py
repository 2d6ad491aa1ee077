"""What the program calls its tensors."""
