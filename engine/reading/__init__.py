"""What follows from a trace: pure functions, used by everybody who explains, judges or draws."""
