"""What stands between the connection and Streamlit: who may talk to the server, how long, and what every answer says.

NOTE [The gate]
1. ``connections.py`` looks at connections before there is a request: at most so many, none that keeps silent.
2. ``judging.py`` decides over a request by its head alone: the name it asks for (``names.py``), the page it comes
   from, the visitor's cookie. It is a pure function. What is refused never reaches Streamlit.
3. ``gate.py`` asks it for every request and WebSocket, closes the addresses that no page uses, and sees to it that
   every answer has the headers of ``headers.py`` and a page the visitor's cookie.
4. ``frames.py`` looks at what goes over the WebSocket; ``places.py`` counts what stays open.
"""
