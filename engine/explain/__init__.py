"""Rules of nodes and errors of programs, in plain words."""
