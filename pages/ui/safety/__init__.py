"""The page of safety."""
