"""What a training tells past its recorded steps."""
