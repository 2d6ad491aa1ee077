"""Errors of Python itself, as learners meet them."""

from __future__ import annotations

import re

from engine.contract.trace import Failure, Trace
from engine.explain.errors.explanation import Case, Explanation, clever, plain, said
from engine.text.language import N_

_SYNTAX = N_(
    "Look at the marked place and just before it: a missing bracket, colon, comma or quote is the usual reason."
)


def _name(_trace: Trace, _failure: Failure, match: re.Match[str]) -> Explanation:
    name = match["name"]
    if name in ("torch", "nn", "F", "np", "numpy", "plt", "optim", "math"):
        imports = {
            "torch": "import torch",
            "nn": "from torch import nn",
            "F": "import torch.nn.functional as F",
            "np": "import numpy as np",
            "numpy": "import numpy",
            "plt": "import matplotlib.pyplot as plt",
            "optim": "from torch import optim",
            "math": "import math",
        }
        return said(
            N_("Nothing is called `{name}` here: it was not imported."),
            N_("Add `{statement}` at the top."),
            name=name,
            statement=imports[name],
        )
    return said(
        N_("Nothing is called `{name}` here."),
        N_("Check the spelling, capital letters count; and that the line that defines it has run before this one."),
        name=name,
    )


CASES: tuple[Case, ...] = (
    clever("NameError", r"name '(?P<name>\w+)' is not defined", _name),
    plain(
        "UnboundLocalError NameError",
        r"(?:local|free) variable '(?P<name>\w+)' referenced before assignment|cannot access (?:local|free) "
        r"variable '(?P<name2>\w+)'",
        N_(
            "The function uses a variable of its own before giving it a value. Assigning to a name anywhere in "
            "a function makes it the function's own everywhere in it."
        ),
        N_("Give it a value first, pass it as an argument, or declare it `global` or `nonlocal`."),
    ),
    plain(
        "IndentationError TabError",
        r".*",
        N_(
            "The indentation does not fit: the lines of one block must start in the same column, and a line "
            "ending with a colon needs an indented block after it."
        ),
        N_("Indent with four spaces everywhere, and do not mix tabs and spaces."),
    ),
    plain(
        "SyntaxError",
        r"invalid non-printable character|invalid character '(?P<character>.)'",
        N_(
            "There is a character here that Python does not know, perhaps a full-width bracket, comma or "
            "quote, or a special space from a copied text."
        ),
        N_("Type it again with an English keyboard layout."),
    ),
    plain(
        "SyntaxError",
        r"was never closed|unexpected EOF|unterminated|EOF while scanning|EOL while scanning",
        N_("A bracket or a quote is opened and never closed."),
        N_("Close it. The place where Python noticed may be far below the place where it is missing."),
    ),
    plain(
        "SyntaxError",
        r"expected ':'",
        N_("A colon is missing at the end of this line."),
        N_("Write a colon after `if ...`, `for ...`, `def ...`, `class ...`, `with ...`."),
    ),
    plain(
        "SyntaxError",
        r"Maybe you meant '==' |cannot assign to (?:expression|comparison|function call|literal)",
        N_("The left side of = must be a name that can be given a value."),
        N_("Use == to compare."),
    ),
    plain("SyntaxError", r".*", N_("Python cannot read the program, so nothing was run."), _SYNTAX),
    plain(
        "ModuleNotFoundError ImportError",
        r"No module named '(?P<module>[\w.]+)'",
        N_("The package `{module}` is not installed here, or its name is misspelt."),
        N_(
            "Check the spelling; install it in the environment this app runs in; or do without: torch and "
            "NumPy are there."
        ),
    ),
    plain(
        "ImportError",
        r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'",
        N_("The package `{module}` is there but has no `{name}`."),
        N_("Check the spelling and the version of the package."),
    ),
    plain(
        "AttributeError",
        r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'",
        N_("`{module}` has nothing called `{name}`."),
        N_("Check the spelling. A file of your own with the same name as a package hides it."),
    ),
    plain(
        "AttributeError",
        r"'NoneType' object has no attribute '(?P<name>\w+)'",
        N_("Something is None where an object with `{name}` was expected."),
        N_(
            "A function without `return` gives None, and so do methods that change their object in place, such "
            "as `list.sort()`."
        ),
    ),
    plain(
        "AttributeError",
        r"'(?P<type>\w+)' object has no attribute '(?P<name>\w+)'",
        N_("A `{type}` has nothing called `{name}`."),
        N_("Check the spelling, and with `print(type(...))` that it is the object you think it is."),
    ),
    plain(
        "IndexError",
        r"(?:list|tuple|string) index out of range",
        N_("The index is larger than the last one. Counting starts at 0, so the last index is the length minus 1."),
        N_("Check the length with `len(...)`; −1 always means the last one."),
    ),
    plain(
        "KeyError",
        r"(?P<key>.*)",
        N_("There is no entry for the key {key}."),
        N_("Look at the keys with `list(...)`; `.get(...)` gives None instead of an error."),
    ),
    plain(
        "TypeError",
        r"unsupported operand type\(s\) for (?P<operator>\S+): '(?P<a>[\w.]+)' and '(?P<b>[\w.]+)'",
        N_("`{operator}` cannot combine a `{a}` with a `{b}`."),
        N_(
            "Print both with their types. A None often comes from a missing `return`, or from a `.grad` that "
            "was not calculated yet."
        ),
    ),
    plain(
        "TypeError",
        r"'(?P<type>[\w.]+)' object is not callable",
        N_("Brackets after a `{type}` mean calling it, and that is not possible."),
        N_("Check for a missing operator before the bracket, or a variable that took the name of a function."),
    ),
    plain(
        "TypeError",
        r"'(?P<type>[\w.]+)' object is not (?:iterable|subscriptable)",
        N_("A `{type}` has no elements that could be counted off or indexed."),
        N_("Print it with its type: it is probably not the object you think it is."),
    ),
    plain(
        "TypeError",
        r"takes (?P<want>.*?) positional arguments? but (?P<have>\d+) (?:was|were) given",
        N_("The function takes {want} arguments but was given {have}. In a class, `self` counts as one."),
        N_("Compare the call with the definition."),
    ),
    plain(
        "TypeError",
        r"got an unexpected keyword argument '(?P<name>\w+)'",
        N_("The function has no parameter called `{name}`."),
        N_("Check the spelling in its definition or documentation."),
    ),
    plain(
        "ZeroDivisionError",
        r".*",
        N_("Something is divided by zero. Python's numbers do not allow that; tensors would give inf or NaN."),
        N_("Print the divisor just before this line. An empty list or loader is a usual reason for a length of 0."),
    ),
    plain(
        "FileNotFoundError",
        r".*",
        N_("The file does not exist in the folder the program runs in."),
        N_("Make the data inside the program; programs typed into the app have no files of their own."),
    ),
    plain(
        "EOFError",
        r".*",
        N_("The program waits for input from the keyboard, and there is none here."),
        N_("Put the value into the program instead of `input()`."),
    ),
    plain(
        "AssertionError",
        r".*",
        N_("An `assert` of the program did not hold."),
        N_("Print the values it compares just before it."),
    ),
    plain(
        "KeyboardInterrupt",
        r".*",
        N_("The program was interrupted from the keyboard."),
        N_("Run it again to see it to its end."),
    ),
)
