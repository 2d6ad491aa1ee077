"""Streamlit components that features share: the player, two graphs, texts kept by the browser."""
