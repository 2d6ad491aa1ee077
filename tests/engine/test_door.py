"""The doors of the packages: what outsiders may use is there, documented, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

DOORS = ("engine", "graphviz_tools")


@pytest.mark.parametrize("package", DOORS)
def test_everything_the_door_names_is_there_and_described(package: str) -> None:
    door = import_module(package)
    assert door.__doc__ is not None
    for name in door.__all__:
        assert getattr(door, name).__doc__ and f"``{name}``" in door.__doc__, name
    assert set(door.__all__) <= set(dir(door))


@pytest.mark.parametrize("package", DOORS)
def test_a_name_that_is_not_there_is_an_ordinary_error(package: str) -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = import_module(package).nothing


@pytest.mark.parametrize("package", DOORS)
def test_opening_the_door_imports_nothing_and_going_through_it_no_torch(package: str) -> None:
    program = (
        f"import sys, {package}\n"
        f"print([name for name in sys.modules if name.startswith('{package}.')])\n"
        f"[getattr({package}, name) for name in {package}.__all__]\n"
        "print('torch' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\nFalse\n"


def test_a_trace_is_shown_without_a_translator() -> None:
    import graphviz_tools
    from engine import Program, Trace

    payload = graphviz_tools.show(Trace(Program("x = 1"), "ok"))
    assert payload.steps[0].headline == "before the first line" and payload.language == "en"
    graphviz_tools.shared_layout().close()
