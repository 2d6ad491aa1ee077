"""Containing other people's programs: policies, limits, and what the Linux kernel is asked to forbid. No torch here."""
