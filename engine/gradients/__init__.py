"""Every gradient of a run: the table, its CSV, the elements of one, and the check by central differences."""
