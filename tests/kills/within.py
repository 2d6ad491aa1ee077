"""``python -m tests.kills.within NAME ARGS ...``: Python with these arguments, in odd surroundings.

Those that mount something do so in a namespace of their own (Linux, root), so nobody else sees it.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(sys.executable).resolve().parents[1]
HIDDEN = f"/{PYTHON.parts[1]}"  # where Python lies: perhaps in a home that others may not enter
MOUNTED: dict[str, str] = {  # shell commands before the program
    "full disk": 'd=$(mktemp -d); mount -t tmpfs -o size=4k none "$d"; head -c 9999 /dev/zero > "$d/full" 2>/dev/null; export TMPDIR="$d"',
    "no /dev/shm": "mount -t tmpfs -o ro,size=4k none /dev/shm",
    "read-only checkout": f"mount --bind {shlex.quote(str(ROOT))} {shlex.quote(str(ROOT))}; "
    f"mount -o remount,ro,bind {shlex.quote(str(ROOT))}",
    "another user": f"d=$(mktemp -d); mount --bind {PYTHON} $d; mount -t tmpfs -o mode=755 none {HIDDEN}; "
    f"mkdir -p {PYTHON}; mount --bind $d {PYTHON}; chmod 755 {HIDDEN}; cd {shlex.quote(str(ROOT))}",
}
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def main(name: str, arguments: list[str]) -> None:
    """Become Python in those surroundings."""
    command = [sys.executable, *arguments]
    match name:
        case "no HOME":
            os.environ.pop("HOME", None)
        case "LANG=C":
            for each in [one for one in os.environ if one.startswith(("LC_", "LANG"))]:
                del os.environ[each]
            os.environ["LANG"] = os.environ["LC_ALL"] = "C"
        case "ulimit -n 256":
            import resource

            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
        case "another user":
            os.environ["HOME"] = "/nonexistent"
            command = _mounted(name, [*AS_NOBODY, *command])
        case _:
            command = _mounted(name, command)
    os.execvp(command[0], command)


def _mounted(name: str, command: list[str]) -> list[str]:
    return ["unshare", "--mount", "sh", "-c", f'{MOUNTED[name]}; exec "$@"', "sh", *command]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
