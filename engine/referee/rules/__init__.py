"""One file for each kind of mistake: from a trace to its findings."""
