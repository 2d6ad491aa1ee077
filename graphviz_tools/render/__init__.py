"""Diagrams to DOT and DOT to SVG: the only room with Graphviz."""
