"""The rule tables, a file for each family of operations."""
