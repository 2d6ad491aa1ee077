"""What threads freed is not kept by the allocator. The soak (``python -m tests.load --minutes 30``) shows the effect."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_glibc_takes_the_setting() -> None:
    program = "from pages.ui.server import malloc\nprint(malloc.give_back())"  # in a process of its own: it is for good
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"True\n"
