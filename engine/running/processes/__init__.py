"""Ways to have a process that has torch imported, and to speak to it."""
