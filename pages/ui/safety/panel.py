"""The page of safety: the policy, the guarantee as it was tried, the limits, in words."""

# Streamlit's widgets leave some of their types unsaid.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import streamlit as st

from engine.contract.policy import MB, POLICIES, VARIABLE, Policy, confinement_of
from engine.contract.trace import Limits
from engine.running.ending import OUTPUT_FACTOR
from engine.sandbox.level import Guarantee
from engine.text.language import N_, Translate

TITLES: dict[Policy, str] = {
    "trusted": N_("Trusted"),
    "classroom": N_("Classroom"),
    "lessons-only": N_("Lessons only"),
}
MEANINGS: dict[Policy, str] = {
    "trusted": N_(
        "Every program runs in a process of its own with a time limit, and can do whatever you can do. "
        "This is for your own programs on your own computer."
    ),
    "classroom": N_(
        "Other people's programs run here. Each is confined by the operating system before its first line, or it is "
        "not run."
    ),
    "lessons-only": N_("Only the lessons' own programs run here. Nobody's own program is run."),
}
WORKED: dict[str, str] = {
    "read": N_("reading files"),
    "list": N_("listing folders"),
    "write": N_("writing files"),
    "chmod": N_("changing files"),
    "network": N_("using the network"),
    "local-socket": N_("talking to other programs"),
    "fork": N_("starting processes"),
    "signal": N_("sending signals"),
    "shared-memory": N_("sharing memory"),
    "memory-file": N_("making files in memory"),
    "memory": N_("taking memory without limit"),
    "look-inside": N_("looking into other processes"),
}


def show(policy: Policy, guarantee: Guarantee, limits: Limits, _: Translate) -> None:
    """Everything about this server's safety, and where to change it."""
    with st.container(key="safety"):
        words, table = st.columns([2, 3], gap="large")
        with words:
            st.subheader(_("Policy: {name}").format(name=_(TITLES[policy])), anchor=False)
            st.markdown(_(MEANINGS[policy]))
            _promise(policy, guarantee, _)
        with table:
            st.subheader(_("What one run may use"), anchor=False)
            st.table(limits_table(policy, guarantee, limits, _))
        text = _("Set `{variable}` to one of {policies} and start the server again to change the policy.")
        st.caption(text.format(variable=VARIABLE, policies=", ".join(f"`{one}`" for one in POLICIES)))


def promise(guarantee: Guarantee, _: Translate) -> str:
    """What confinement is worth on this computer."""
    match guarantee.level:
        case "enforced":
            return _(
                "Enforced by the Linux kernel. A confined program tried it when the server started: it could read no "
                "file but Python's own, write nothing, reach no network, start or signal no process, and take no "
                "memory beyond its limit. It can still learn whether a file with a guessed name exists."
            )
        case "soft":
            text = _("This computer cannot confine programs ({system}). Other people's own programs are not run here.")
            said = [text.format(system=guarantee.system)]
            if guarantee.worked:
                worked = ", ".join(_(WORKED[name]) for name in guarantee.worked if name in WORKED)
                said.append(_("A trial could do what it should not: {worked}.").format(worked=worked))
            return " ".join(said)
        case "unknown":
            return _("Not tried yet: PyTorch is still being loaded. Until then nobody's own program is run.")


def limits_table(policy: Policy, guarantee: Guarantee, limits: Limits, _: Translate) -> dict[str, list[str]]:
    """Names of limits and their values, as two columns."""
    held = confinement_of(policy, limits) if guarantee.level == "enforced" else None
    free = _("as the operating system allows")
    memory = free if held is None else _("{n} MB beyond Python and PyTorch").format(n=held.memory_bytes // MB)
    rows = [
        (_("Time"), _("{n} seconds").format(n=f"{limits.time_s:g}")),
        (_("Memory"), memory),
        (_("Files"), free if held is None else _("reads Python and its packages; writes nothing")),
        (_("Network"), free if held is None else _("none")),
        (_("Processes and threads"), free if held is None else _("none beside itself")),
        (
            _("Printed text"),
            _("{kept} characters are kept; stopped at {most}").format(
                kept=f"{limits.output_chars:,}", most=f"{OUTPUT_FACTOR * limits.output_chars:,}"
            ),
        ),
        (_("Recorded torch calls"), f"{limits.calls:,}"),
    ]
    return {_("Limit"): [name for name, _value in rows], _("Value"): [value for _name, value in rows]}


def _promise(policy: Policy, guarantee: Guarantee, _: Translate) -> None:
    text = promise(guarantee, _)
    if policy == "trusted":
        st.caption(_("Under the other policies: {promise}").format(promise=text))
    elif guarantee.level == "enforced":
        st.success(text, icon=":material/verified_user:")
    else:
        st.warning(text, icon=":material/gpp_maybe:")
