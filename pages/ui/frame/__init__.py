"""What is around every page: the bar, the look, the word when the server is gone."""
