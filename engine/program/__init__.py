"""A program's text: read, compared, measured, filled in. Nothing runs here."""
