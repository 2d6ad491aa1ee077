"""The tables of errors, a file for each kind."""
