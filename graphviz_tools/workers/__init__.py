"""Starting our own worker processes, and turns at them."""
