"""Run a program as plain Python and write down the gradients it left.

    python plain_run.py PROGRAM.py GRADIENTS.json

The program is ``__main__``, started from seed 0; its output and exit status are its own. The file gets, for every leaf
that requires grad and is held by a module-level name, the list of its gradient's numbers as hexadecimal floats, or null.
"""

import atexit
import json
import os
import random
import sys
import traceback
import types

import numpy as np
import torch

program, target = os.path.abspath(sys.argv[1]), sys.argv[2]
sys.argv = sys.argv[1:2]
sys.path[0] = os.path.dirname(program)
main = types.ModuleType("__main__")
main.__file__ = program
sys.modules["__main__"] = main


def numbers(grad):
    dense = grad.detach().to_dense() if grad.is_sparse else grad.detach()
    flat = (torch.view_as_real(dense.resolve_conj()) if dense.is_complex() else dense).flatten()
    return [float(x).hex() for x in flat.tolist()]


def write_gradients():
    found, seen = {}, set()
    for name, thing in main.__dict__.items():
        named = thing.named_parameters() if isinstance(thing, torch.nn.Module) else ()
        pairs = [(f"{name}.{path}", p) for path, p in named]
        if isinstance(thing, torch.Tensor):
            pairs.append((name, thing))
        leaves = [(path, leaf) for path, leaf in pairs if leaf.is_leaf and leaf.requires_grad and id(leaf) not in seen]
        seen.update(id(leaf) for _, leaf in leaves)
        found.update((path, None if leaf.grad is None else numbers(leaf.grad)) for path, leaf in leaves)
    with open(target, "w") as file:
        json.dump(found, file)


torch.manual_seed(0)
np.random.seed(0)
random.seed(0)
status = 0
try:
    exec(compile(open(program, encoding="utf-8").read(), program, "exec", dont_inherit=True), main.__dict__)
except SystemExit as leaving:
    status = leaving.code
except BaseException:
    traceback.print_exc()
    status = 1
if __name__ == "__main__":  # else tests/plain_fork.py does it
    atexit.register(write_gradients)
    sys.exit(status)
