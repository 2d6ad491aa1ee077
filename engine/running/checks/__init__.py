"""A child's events are a stranger's: what they may cost, and whether they can be a recording."""
