"""Between the connection and Streamlit: the gate, compression, memory, who a browser is."""
