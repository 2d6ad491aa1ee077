"""The whole app: what every session runs first, and the life of the server process."""
