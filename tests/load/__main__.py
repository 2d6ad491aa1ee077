"""``python -m tests.load [--sessions 30 --rounds 4 --think 5 15]``: the load test's table.

``--hostile N`` adds visitors who run the abuse battery; ``--minutes M`` goes on for so long (the soak:
``--minutes 30 --hostile 5``). Exit status 1 when anybody met an error.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.e2e.serving import serve
from tests.load.load import Plan, Seen, p, rise_mb_per_minute, run_load


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--think", type=float, nargs=2, default=(5.0, 15.0), metavar=("FROM", "TO"))
    parser.add_argument("--hostile", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0.0)
    asked = parser.parse_args()
    plan = Plan(asked.sessions, asked.rounds, tuple(asked.think), asked.hostile, asked.minutes)  # type: ignore[arg-type]
    started = time.monotonic()
    with serve(environment={"BACKSTEP_POLICY": "classroom"}) as server:
        server.wait_until_ready()
        seen = run_load(server, plan)
        health = server.health()
    print(table(plan, seen, time.monotonic() - started))
    print(f"afterwards: {health['runs']}, runner {health['runner']}, torch in server: {health['torch_in_server']}")
    for error in seen.errors[:20]:
        print(f"  {error}")
    return 1 if seen.errors else 0


def table(plan: Plan, seen: Seen, seconds: float) -> str:
    """The figures as text."""
    lines = [f"{plan.n_sessions} sessions, {plan.n_hostile} of them hostile besides, {seconds:.0f} s", ""]
    lines.append(f"{'':26}{'n':>6}{'p50':>9}{'p95':>9}{'worst':>9}")
    rows = (
        ("page opened", seen.opened),
        ("lesson to picture", seen.lessons),
        ("run to picture", seen.runs),
        ("page switch", seen.pages),
    )
    for name, times in rows:
        lines.append(f"{name:26}{len(times):6}{p(50, times):8.2f}s{p(95, times):8.2f}s{max(times, default=0):8.2f}s")
    before, within = seen.server_mb[0], seen.server_mb[1] if len(seen.server_mb) > 1 else 0.0
    n = plan.n_sessions + plan.n_hostile
    lines += [
        "",
        f"hostile runs {seen.n_hostile}, visitors who saw a queue {seen.n_queued}, errors {len(seen.errors)}",
        f"server memory: {before:.0f} MB alone, {within:.0f} MB with all sessions idle "
        f"({(within - before) / n:.1f} MB each), at most {max(seen.server_mb):.0f} MB, last {seen.server_mb[-1]:.0f} MB",
        "memory along the way: "
        + " ".join(f"{mb:.0f}" for mb in seen.server_mb[2 :: max(1, len(seen.server_mb) // 12)]),
        f"its last two thirds rise by {rise_mb_per_minute(seen.server_mb[2:])} MB a minute",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
