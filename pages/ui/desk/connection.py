"""Whether a visitor's browser is still there."""

from __future__ import annotations

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def session_id() -> str:
    """Streamlit's name for the session whose script runs."""
    context = get_script_run_ctx()
    return context.session_id if context is not None else ""


def is_connected(session: str) -> bool:
    """Whether the session's browser holds its connection; without a Streamlit server: always."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)
