"""Names of tensors, read from the variables of the program's frames, from its modules and from its text.

Nobody traces the program line by line for this: at the next torch call the variable on the left of
the ``=`` holds the tensor. What no variable holds is called by the expression on the line that uses or
assigned it (``batch["x"]``, see :mod:`engine.recording.names.paths`). A tensor keeps the first name it is seen
under; a parameter that only a loop had in its hands (``for p in model.parameters()``) is called by its
path as soon as that is known.
"""

from __future__ import annotations

import ast
import inspect
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

import torch

from engine.contract.ids import TensorId
from engine.recording.names.paths import Paths
from engine.recording.outbox import Outbox
from engine.recording.site import Place

N_SCANS = 4  # a tensor still without a name after so many calls keeps none
MAX_VARIABLES = 2_000  # of one frame


@dataclass
class _Waiting:
    """A tensor without a name, the line that made it, and how often it was looked for."""

    tensor: weakref.ref[torch.Tensor]
    number: TensorId
    line: int | None
    n_scans: int = 0


@dataclass
class _Root:
    """An outermost module: its variable, and the paths of what is inside it by identity."""

    module: weakref.ref[torch.nn.Module]
    name: str | None
    paths: dict[int, str]


class Names:
    """Tensors waiting for a name, and the module paths of parameters."""

    def __init__(self, outbox: Outbox, source: str) -> None:
        self._outbox = outbox
        # Reading f_locals of a function refreshes the dict that locals() handed out before (Python < 3.13).
        self._may_read_functions = "locals(" not in source and "vars(" not in source
        self._waiting: dict[int, _Waiting] = {}  # by id
        self._roots: dict[int, _Root] = {}
        self._nameless: set[TensorId] = set()
        self._pathless: set[TensorId] = set()  # tensors without a name, or with that of a loop's variable only
        self._of_loops = loop_variables(source)
        self._paths = Paths(source)

    def expect(self, tensor: torch.Tensor, number: TensorId, line: int | None = None) -> None:
        """A tensor got an id on a line; look for its name at the next calls."""
        waiting, key = self._waiting, id(tensor)
        waiting[key] = _Waiting(weakref.ref(tensor, lambda _: waiting.pop(key, None)), number, line)
        self._nameless.add(number)
        self._pathless.add(number)

    def look(self, frames: tuple[FrameType, ...]) -> None:
        """Give waiting tensors the name of the variable that holds them, the outermost frame's first; else that of
        an expression."""
        for look_in_frame in (self._look_at_variables, self._look_at_text):
            for frame in frames:
                if not self._waiting:
                    return
                variables = self._variables(frame)
                if variables is not None:
                    look_in_frame(frame, variables)
        for key, one in list(self._waiting.items()):
            one.n_scans += 1
            if one.n_scans >= N_SCANS:
                self._waiting.pop(key, None)

    def _look_at_variables(self, _frame: FrameType, variables: Mapping[str, Any]) -> None:
        self.look_in(variables)

    def _look_at_text(self, frame: FrameType, variables: Mapping[str, Any]) -> None:
        """What the frame's line reads, and what the lines that made the tensors assigned."""
        others, paths = frame.f_globals, self._paths
        made_on = {one.line for one in self._waiting.values() if one.line is not None}
        for name, content in paths.read_on(frame.f_lineno, variables, others):
            self._is_called(name, content)
        for line in made_on:
            for name, content in paths.assigned_on(line, variables, others):
                self._is_called(name, content)

    def look_in(self, variables: Mapping[str, Any]) -> None:
        """As :meth:`look`, in one namespace."""
        for name, content in list(variables.items())[:MAX_VARIABLES]:
            self._is_called(name, content)

    def _named(self, number: TensorId, name: str) -> None:
        self._nameless.discard(number)
        self._outbox.name(number, name)

    def _is_called(self, name: str, content: Any) -> None:
        one = self._waiting.get(id(content))
        if one is not None and one.tensor() is content:
            del self._waiting[id(content)]
            self._named(one.number, name)
            if name not in self._of_loops and "[" not in name and not name.startswith("self."):
                self._pathless.discard(one.number)

    def meet_again(self, tensor: torch.Tensor, number: TensorId, place: Place | None) -> None:
        """A known tensor is used: inside of a module's forward the path of a parameter or buffer can be told, and
        elsewhere what the line itself calls one without a name."""
        if number in self._pathless and place is not None and _is_of(tensor, place.modules):
            path = self.of_parameter(tensor, place)
            if path is not None:
                self.found(number, path)
        if number in self._nameless and place is not None:
            self._look_on_line(tensor, number, place.frame)

    def _look_on_line(self, tensor: torch.Tensor, number: TensorId, frame: FrameType) -> None:
        variables, others, line = self._variables(frame), frame.f_globals, frame.f_lineno
        if variables is None:
            return
        of_line = (self._paths.variables_on, self._paths.read_on)
        told = (name for on in of_line for name, content in on(line, variables, others) if content is tensor)
        name = next(told, None)
        if name is not None:
            self._named(number, name)

    def look_in_modules(self, tensor: torch.Tensor, number: TensorId) -> None:
        """The path of a parameter that an optimizer has, below a module whose forward has run."""
        for root in self._roots.values() if number in self._pathless else ():
            path = root.paths.get(id(tensor))
            if path is not None and root.module() is not None:
                self.found(number, f"{root.name}.{path}" if root.name else path)
                break

    def found(self, number: TensorId, path: str) -> None:
        """The path of a parameter, for one that has no name of its own yet."""
        if number in self._pathless:
            self._pathless.discard(number)
            self._named(number, path)

    def of_parameter(self, tensor: torch.Tensor, place: Place) -> str | None:
        """The path of a parameter or buffer below the outermost module on the stack: "model.0.weight"."""
        if not place.modules:
            return None
        root = self._root(place.modules[0], place.frame)
        path = root.paths.get(id(tensor))
        if path is None:
            root.paths = _paths(place.modules[0])
            path = root.paths.get(id(tensor))
        return None if path is None else f"{root.name}.{path}" if root.name else path

    def scope(self, place: Place) -> tuple[str, ...]:
        """The module path of the running forward calls, outermost first: ("model", "blocks", "0")."""
        if not place.modules:
            return ()
        root = self._root(place.modules[0], place.frame)
        inner = [root.paths.get(id(module), type(module).__name__) for module in place.modules[1:]]
        levels = (level for above, path in zip(("", *inner), inner) for level in _below(above, path))
        return (root.name or type(place.modules[0]).__name__, *levels)

    def _root(self, module: torch.nn.Module, frame: FrameType) -> _Root:
        known = self._roots.get(id(module))
        if known is None or known.module() is not module:
            known = _Root(weakref.ref(module), self._variable_of(module, frame), _paths(module))
            self._roots[id(module)] = known
        return known

    def _variable_of(self, module: torch.nn.Module, frame: FrameType | None) -> str | None:
        filename = frame.f_code.co_filename if frame is not None else ""
        while frame is not None:
            if frame.f_code.co_filename == filename:
                for name, content in list((self._variables(frame) or {}).items())[:MAX_VARIABLES]:
                    if content is module and name != "self":
                        return name
                if frame.f_code.co_name == "<module>":
                    return None
            frame = frame.f_back
        return None

    def _variables(self, frame: FrameType) -> Mapping[str, Any] | None:
        is_function = bool(frame.f_code.co_flags & inspect.CO_OPTIMIZED)
        return frame.f_locals if self._may_read_functions or not is_function else None


def _below(above: str, path: str) -> list[str]:
    """The names on the way from a module to one inside of it, also those of lists of modules, which are never called;
    of a module that belongs elsewhere its own name."""
    is_inside = not above or path.startswith(f"{above}.")
    return path[len(above) :].lstrip(".").split(".") if is_inside else [path.rpartition(".")[2]]


def _is_of(tensor: torch.Tensor, modules: tuple[Any, ...]) -> bool:
    """Whether one of the modules itself has the tensor as a parameter or buffer."""
    return any(tensor is own for m in modules for own in (*m._parameters.values(), *m._buffers.values()))


def loop_variables(source: str) -> frozenset[str]:
    """The names that a ``for`` of the program gives their content."""
    try:
        nodes = tuple(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    targets = [node.target for node in nodes if isinstance(node, (ast.For, ast.comprehension))]
    return frozenset(n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name))


def _paths(root: torch.nn.Module) -> dict[int, str]:
    paths = {id(module): path for path, module in root.named_modules()}
    return paths | {id(t): path for path, t in (*root.named_buffers(), *root.named_parameters())}
