"""The program's torch calls, seen as they are made."""
