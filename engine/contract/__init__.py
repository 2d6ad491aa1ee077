"""What a recording is: types and their bytes. Everything else is built on it, and it knows nothing else."""
