"""Languages, numbers and quoting: how things are written, in one place."""
