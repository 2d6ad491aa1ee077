"""The program in its process: as ``__main__``, its output, its clock, its errors."""
