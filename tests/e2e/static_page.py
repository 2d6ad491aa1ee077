"""The player alone on a static page, as an export would have it: no Streamlit, a payload in a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from engine.contract.trace import Limits, Program
from engine.running import Runner, run
from engine.text.language import Language, translator
from graphviz_tools.payload import encode
from graphviz_tools.picture import View, show
from graphviz_tools.player.files import assets

PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="player.css">
<style>html { color-scheme: light dark } body { margin: 8px; height: calc(100vh - 16px); display: flex; flex-direction: column }</style>
<div id="place" style="flex: 1; min-height: 0; display: flex; flex-direction: column"></div>
<script type="module">
  import { mount } from "./player.js";
  const payload = await (await fetch("payload.json")).json();
  window.ran = [];
  window.player = mount(document.getElementById("place"), payload, { onRun: (source) => window.ran.push(source) });
  window.payload = payload;
</script>
"""


def payload_of(source: str, *, view: View = "backward", language: Language = "en", editable: bool = True) -> bytes:
    """The payload of ``source``, really run."""
    with Runner() as runner:
        trace = run(runner, Program(source), Limits())
    return encode(show(trace, view=view, _=translator(language), language=language, editable=editable))


@contextmanager
def static_player(payload: bytes) -> Iterator[str]:
    """The address of a page with the player showing ``payload``."""
    files = {name: text.encode() for name, text in assets().items()}
    files |= {"": PAGE.encode(), "payload.json": payload, "favicon.ico": b""}
    types = {"js": "text/javascript", "css": "text/css", "json": "application/json"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            self.send_response(200 if name in files else 404)
            self.send_header("Content-Type", types.get(name.rpartition(".")[2], "text/html"))
            self.end_headers()
            self.wfile.write(files.get(name, b""))

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
