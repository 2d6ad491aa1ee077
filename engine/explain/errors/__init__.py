"""Why a program did not finish, in words, and what cures it."""
