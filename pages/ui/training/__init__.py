"""The page of live trainings."""
