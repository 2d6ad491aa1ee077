"""What each kind of autograd node does with the gradient that arrives: in words, as a formula, with numbers."""
