"""What is drawn: the graph of a recording as vertices, arrows and clusters. No Graphviz here."""
