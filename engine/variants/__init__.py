"""One program in variants, side by side: memory, moments, verdicts."""
