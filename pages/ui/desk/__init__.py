"""What one visitor has: the place, the program, its runs and results; and the services all visitors share."""
