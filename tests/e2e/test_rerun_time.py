"""The server's settings (garbage collection, frozen imports, TCP_NODELAY) are worth their place.

Both servers run the same page; sessions take turns, so that whatever else the machine does slows both.
"""

from statistics import median

import pytest

from tests.e2e.script_client import session
from tests.e2e.serving import ROOT, serve

ROUNDS = 25
UNTUNED = (
    "-m",
    "streamlit",
    "run",
    "pages/ui/app/script.py",
    "--server.headless",
    "true",
    "--server.port",
    "{port}",
    "--runner.postScriptGC",
    "true",
)


@pytest.mark.e2e
def test_a_rerun_takes_less_than_half_the_time_of_a_server_with_streamlits_defaults():
    untuned_server = serve(UNTUNED, environment={"PYTHONPATH": str(ROOT)}, health="/_stcore/health")
    with serve() as tuned, untuned_server as untuned, session(tuned.url) as ours, session(untuned.url) as theirs:
        for client in (ours, theirs):
            for _ in range(5):
                client.rerun_s()
        pairs = [(ours.rerun_s(), theirs.rerun_s()) for _ in range(ROUNDS)]

    tuned_s, untuned_s = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(tuned / untuned for tuned, untuned in pairs)
    assert ratio < 0.5, f"tuned {tuned_s * 1e3:.1f} ms, untuned {untuned_s * 1e3:.1f} ms"
