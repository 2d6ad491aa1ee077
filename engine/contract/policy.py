"""Who may run what: three policies, and what each allows a run.

``trusted``: one's own computer. A process of its own for each program, generous limits, nothing forbidden.
``classroom``: other people's programs. Every run is confined by the kernel, or refused where that cannot be done.
``lessons-only``: nobody's own programs; the lessons run confined where the kernel can do it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import ip_address
from typing import Literal, get_args

from engine.contract.trace import Limits, Record

Policy = Literal["trusted", "classroom", "lessons-only"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
VARIABLE = "BACKSTEP_POLICY"
MB = 1_000_000


class Confinement(Record, frozen=True):
    """What the kernel holds one run to. Bytes are beyond what Python and torch themselves occupy."""

    memory_bytes: int = 512 * MB
    cpu_s: int = 15  # processor time; the wall clock is Limits.time_s
    n_files: int = 64  # open at once
    event_bytes: int = 24 * MB  # of the recording on its way to the server; one at all limits below has some 14
    event_weight: int = 160 * MB  # of what it becomes there (engine/running/checks/structure.py); that one has some 100
    frame_weight: int = 48 * MB  # of one event: its objects are there at once, those of others have become bytes
    frame_bytes: int = 16 * MB  # of one event; the largest has the leaves' gradients, less than half of it


class PolicyError(ValueError):
    """The setting names no policy; the message lists those there are."""


CLASSROOM_LIMITS = Limits(
    time_s=10.0, calls=8_000, nodes=20_000, value_bytes=6_000_000, output_chars=64_000, watch_bytes=64_000_000
)


def limits_of(policy: Policy) -> Limits:
    """The bounds of a recording under ``policy``."""
    return Limits() if policy == "trusted" else CLASSROOM_LIMITS


def confinement_of(policy: Policy, limits: Limits) -> Confinement | None:
    """What the kernel shall hold a run with these limits to; None: nothing."""
    return None if policy == "trusted" else Confinement(cpu_s=int(limits.time_s) + 5)


def policy_from(environment: Mapping[str, str], addresses: Collection[str]) -> Policy:
    """The policy set by BACKSTEP_POLICY; else ``trusted`` for a server that only this computer reaches.

    ``addresses``: where the server listens. None known: as if everybody could reach it. Raises PolicyError.

    >>> policy_from({}, ["127.0.0.1"]), policy_from({}, ["0.0.0.0"]), policy_from({}, [])
    ('trusted', 'classroom', 'classroom')
    """
    asked = environment.get(VARIABLE, "").strip().lower()
    for policy in POLICIES:
        if asked == policy:
            return policy
    if asked:
        raise PolicyError(f"{VARIABLE}={asked}: there is no such policy; choose one of {', '.join(POLICIES)}")
    return "trusted" if addresses and all(_is_local(address) for address in addresses) else "classroom"


def _is_local(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
