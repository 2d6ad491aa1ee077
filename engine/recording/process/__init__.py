"""The process around the program: how it comes to be, what job it has, what it sends."""
