"""The contract between the recorder and everything that draws: a program's run as a frozen value.

A trace has *tables* (tensors, storages, nodes, calls, runs), where a record's id is its position in
its tuple, and *steps*, the one ordered list of what happened. Everything a person sees is a pure
function of ``(Trace, step)``. This module imports no torch. docs/trace-format.md describes the JSON
form; a test holds the two together.
"""

from __future__ import annotations

from typing import Literal, Union

from engine.contract.ids import CallId, NodeId, RunId, StorageId, TensorId
from engine.contract.limits import Limits
from engine.contract.limits import LiveLimits as LiveLimits
from engine.contract.values import Bins as Bins
from engine.contract.values import Complex as Complex
from engine.contract.values import NotFinite, Record, Value
from engine.contract.values import Number as Number
from engine.contract.values import Stats as Stats

SCHEMA = 1

Phase = Literal["compile", "forward", "backward", "limit"]
Ending = Literal[
    "ok",
    "error",
    "syntax",
    "recursion",
    "exit",
    "denied",
    "memory",
    "timeout",
    "toobig",
    "output",
    "crash",
    "vanished",
    "cancelled",
    "sandbox",
]
Cause = Literal[
    "broken",
    "timeout",
    "cpu",
    "output",
    "toobig",
    "forged",
    "cancelled",
    "call",
    "file",
    "crash",
    "killed",
    "vanished",
    "lost",
    "fault",
    "unconfined",
    "not_run",
    "replaced",
    "full",
    "held",
]
Cut = Literal["detach", "data", "no_grad", "item", "tolist", "numpy", "new_tensor", "not_differentiable"]
RunKind = Literal["backward", "grad"]
Writer = Literal["call", "set_data", "memory"]
NoTrueGradient = Literal["budget", "hooks", "custom_function", "unpack_hooks", "unreachable", "nested", "failed"]
NoNumericGradient = Literal[
    "too_many", "too_long", "random", "out_of_sight", "not_repeatable", "hooks", "not_real", "failed"
]


class StorageRecord(Record, frozen=True):
    """A block of memory that tensors point into. Two tensors with the same storage share bytes."""

    size_bytes: int
    device: str


class TensorRecord(Record, frozen=True):
    """One tensor object of the program, with what stays true of it for life."""

    shape: tuple[int, ...]
    dtype: str
    device: str
    name: str | None = None  # first variable, path or expression that the program had it under
    kind: str = "Tensor"  # type name: Tensor, Parameter, or a subclass
    layout: str = "strided"
    storage: StorageId | None = None  # None: no storage to point at (sparse, meta, subclass)
    storage_offset: int = 0  # in elements
    strides: tuple[int, ...] = ()  # in elements
    base: TensorId | None = None  # tensor id of the view's base
    call: CallId | None = None  # the call that returned it; None: seen first as an input
    line: int | None = None
    cut_from: TensorId | None = None  # tensor id it was cut from by detach(), .data, ...
    cut: Cut | None = None
    grad_of: TensorId | None = None  # this tensor is the ``.grad`` of that one, as the program read it


class TensorState(Record, frozen=True):
    """What a call left of a tensor: everything about it that may change."""

    tensor: TensorId
    version: int
    requires_grad: bool = False
    is_leaf: bool = True
    retains_grad: bool = False
    node: NodeId | None = None  # id of grad_fn; for a leaf that requires grad: its AccumulateGrad, once seen
    output_nr: int = 0
    value: Value | None = None


class Argument(Record, frozen=True):
    """One argument of a call: a tensor (by id) or the repr of a plain value, bounded."""

    tensor: TensorId | None = None
    text: str | None = None
    keyword: str | None = None


class InPlace(Record, frozen=True):
    """A tensor whose bytes a call wrote. Versions are the tensor's own counter."""

    tensor: TensorId
    version_before: int
    version_after: int


class CallRecord(Record, frozen=True):
    """One Python-level torch call, as the program made it."""

    name: str  # short: "mul", "sum", "linear"
    function: str  # full: "torch.Tensor.mul"
    line: int | None  # line in the program's file; None: no frame of the program on the stack
    inputs: tuple[Argument, ...] = ()
    outputs: tuple[TensorState, ...] = ()
    nodes: tuple[NodeId, ...] = ()  # nodes made inside, in order of making
    seen: tuple[TensorState, ...] = ()  # inputs met here first, inputs it changed; of an optimizer: all it was given
    in_place: tuple[InPlace, ...] = ()
    scope: tuple[str, ...] = ()  # module path, outermost first: ("model", "0")
    frame: str = "<module>"  # the program's function in which the call stands
    grad_enabled: bool = True
    cut: Cut | None = None
    result: str | None = None  # repr of a plain result (item(), tolist()), bounded


class Edge(Record, frozen=True):
    """One entry of ``next_functions``: towards the leaves. node None: no gradient is needed there."""

    node: NodeId | None
    input_nr: int = 0


class Saved(Record, frozen=True):
    """A tensor kept by a node for its backward, as it was when the node was made."""

    role: str  # "self", "other", "result", ... ; "saved_0" for a custom Function
    version: int
    tensor: TensorId | None = None  # tensor id, when it is one the program holds
    value: Value | None = None
    storage: StorageId | None = None


class NodeRecord(Record, frozen=True):
    """An autograd node: ``grad_fn`` of some tensor, or the AccumulateGrad of a leaf."""

    name: str  # type name: "MulBackward0", "AccumulateGrad"
    sequence_nr: int | None = None  # None for AccumulateGrad (2**64 - 1 in PyTorch)
    next_functions: tuple[Edge, ...] = ()
    saved: tuple[Saved, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()  # other saved things: ("exponent", "2")
    call: CallId | None = None
    line: int | None = None
    scope: tuple[str, ...] = ()
    frame: str = "<module>"
    variable: TensorId | None = None  # AccumulateGrad only: the leaf's tensor id
    output_shapes: tuple[tuple[int, ...], ...] = ()  # of the forward outputs = of grad_outputs
    is_custom: bool = False  # a Python torch.autograd.Function
    run: RunId | None = None  # made inside this backward run (create_graph, checkpoint)


class Root(Record, frozen=True):
    """A tensor backward started from, and the gradient it started with (None: implicit 1)."""

    tensor: TensorId | None
    node: NodeId | None
    output_nr: int = 0
    value: Value | None = None
    gradient: Value | None = None


class RunRecord(Record, frozen=True):
    """One backward execution."""

    kind: RunKind
    line: int | None
    roots: tuple[Root, ...] = ()
    inputs: tuple[TensorId, ...] | None = None  # tensor ids of ``inputs=``; None: all leaves
    retain_graph: bool = False
    create_graph: bool = False
    nodes: tuple[NodeId, ...] = ()  # every node reachable from the roots when it started
    is_full: bool = True  # False: past the recording budget, only the root's value is known
    call: CallId | None = None
    parent: RunId | None = None  # the run inside which this one ran (checkpoint, hooks)
    held_roots: tuple[TensorId, ...] = ()  # roots of earlier runs that the program still held, graph and all


# --- what the referee needs: what happened to saved tensors, and looks at .grad -------------------
# ``step`` is a position in time: so many steps had been recorded before.


class Overwrite(Record, frozen=True):
    """The bytes of a saved tensor changed after it was saved. One row for each change noticed."""

    node: NodeId
    role: str  # of the saved tensor in the node's ``saved``
    step: int
    line: int | None  # the line that wrote, None: not known
    by: Writer  # a torch call; ``x.data = y``; or memory that NumPy or others share
    call: CallId | None = None  # the torch call that wrote
    through: TensorId | None = None  # the tensor it was written through
    version_before: int = 0  # of the saved tensor's own counter
    version_after: int = 0  # equal to version_before: PyTorch cannot notice
    is_restored: bool = False  # the bytes are again as they were saved
    value: Value | None = None  # the content afterwards


class Mismatch(Record, frozen=True):
    """A run found, just before it started, that a saved tensor is no longer as it was saved."""

    run: RunId
    node: NodeId
    role: str
    version: int  # now; equal to the saved one: the gradient is silently computed with other numbers
    same_bytes: bool | None  # None: only the version was compared
    value: Value | None = None  # the content now


class TrueGradient(Record, frozen=True):
    """What a run with mismatches gave a leaf (or an input of torch.autograd.grad), and what is right.

    Both are the run's own contribution, not the sum in ``.grad``.
    """

    run: RunId
    tensor: TensorId
    computed: Value | None = None  # None: the run raised, or the leaf was not reached
    true: Value | None = None
    differs: bool | None = None  # of all elements, beyond rounding; None: cannot be told
    unavailable: NoTrueGradient | None = None


class NumericGradient(Record, frozen=True):
    """What a run should give a leaf by central differences of float64 copies; asked for by Limits.numeric_items.

    Too many: more elements than that. Out of sight, random, hooks: not a function of the leaf that can be
    calculated again. Not repeatable: calculated again, the roots come out different.
    """

    run: RunId
    tensor: TensorId
    value: Value | None = None
    kinks: tuple[int, ...] = ()  # flat positions where the slopes to the left and right differ: no derivative there
    unavailable: NoNumericGradient | None = None


class GradRead(Record, frozen=True):
    """The program read ``.grad``."""

    tensor: TensorId
    step: int
    line: int | None
    is_none: bool = False


class Raised(Record, frozen=True):
    """A torch call that raised, also when the program caught the exception."""

    function: str  # full name
    type: str
    message: str
    line: int | None
    step: int
    inputs: tuple[Argument, ...] = ()


# --- steps: what happened, in order ---------------------------------------------------------------


class CalledStep(Record, frozen=True, tag="called"):
    """A torch call returned."""

    call: CallId
    printed: int = 0  # bytes of UTF-8 stdout written before this step


class RunStartedStep(Record, frozen=True, tag="run_started"):
    run: RunId
    printed: int = 0


class NodeRanStep(Record, frozen=True, tag="node_ran"):
    """The engine ran one node. None positions matter: no gradient arrived, or none was needed."""

    run: RunId
    node: NodeId
    grad_outputs: tuple[Value | None, ...]
    grad_inputs: tuple[Value | None, ...] = ()  # one per next_functions edge; () for AccumulateGrad
    printed: int = 0


class AccumulatedStep(Record, frozen=True, tag="accumulated"):
    """A gradient was written into ``.grad``; before None: .grad was None."""

    run: RunId
    tensor: TensorId
    before: Value | None
    after: Value | None
    node: NodeId | None = None  # None: retain_grad() of a non-leaf
    printed: int = 0


class RunEndedStep(Record, frozen=True, tag="run_ended"):
    """A backward run ended. ``returned``: what torch.autograd.grad gave back, per input."""

    run: RunId
    completed: bool
    returned: tuple[Value | None, ...] = ()
    failed_node: NodeId | None = None  # the node that was running when it raised
    error: str | None = None  # "RuntimeError: ...", also when the program caught it
    printed: int = 0


class GradSetStep(Record, frozen=True, tag="grad_set"):
    """The program itself assigned ``.grad``: zero_grad(), x.grad = None.

    Without a line: what ``.grad`` was when recording was taken up again; what it had been before is not known.
    """

    tensor: TensorId
    line: int | None
    before: Value | None
    after: Value | None
    printed: int = 0


class FailedStep(Record, frozen=True, tag="failed"):
    """The program ended with an exception, here. Always the last step when present."""

    printed: int = 0


Step = Union[CalledStep, RunStartedStep, NodeRanStep, AccumulatedStep, RunEndedStep, GradSetStep, FailedStep]


class Failure(Record, frozen=True):
    """Why the program did not finish."""

    type: str  # "RuntimeError"
    message: str
    line: int | None
    phase: Phase
    node: NodeId | None = None  # the node that raised, when phase is backward and it is known
    call: str | None = None  # the torch call that raised: "torch.Tensor.add_"
    grad_outputs: tuple[Value | None, ...] = ()  # what had arrived at ``node``
    traceback: str = ""  # as Python prints it, without the recorder's frames
    column: int | None = None  # 1-based, for a SyntaxError
    cause: Cause | None = None  # what ended it otherwise than by an exception of its own


class Leaf(Record, frozen=True):
    """Final state of a leaf that requires grad and is held by a module-level name."""

    name: str
    tensor: TensorId | None
    shape: tuple[int, ...]
    dtype: str
    grad: Value | None = None  # whole up to Limits.grad_items elements; None: .grad is None
    true_grad: Value | None = (
        None  # what .grad would be had every saved tensor been as saved; None: the same, or unknown
    )


class Omission(Record, frozen=True):
    """Something a limit left out, so that no picture passes for complete."""

    what: Literal["backward_runs", "calls", "values", "output", "nodes", "fault", "watch", "rounds"]
    limit: int
    line: int | None = None  # from which on
    text: str | None = None  # of a fault of the recorder itself: what it could not follow


class Program(Record, frozen=True):
    """What is run: source text under a file name, as ``python FILE`` would."""

    source: str
    filename: str = "program.py"
    argv: tuple[str, ...] = ()  # sys.argv[1:]
    seed: int | None = None  # None: torch's own random seed
    device: str | None = None  # BACKSTEP_DEVICE for lesson programs


class Environment(Record, frozen=True):
    python: str
    torch: str
    device: str = "cpu"
    n_threads: int = 1


class Trace(Record, frozen=True, weakref=True):
    """A program's run. Ids are positions: ``trace.nodes[3]`` is node 3."""

    program: Program
    ending: Ending
    schema: int = SCHEMA
    environment: Environment | None = None  # None: the program never started
    stdout: str = ""
    stderr: str = ""
    exit_status: int = 0
    failure: Failure | None = None
    storages: tuple[StorageRecord, ...] = ()
    tensors: tuple[TensorRecord, ...] = ()
    nodes: tuple[NodeRecord, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    steps: tuple[Step, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    omissions: tuple[Omission, ...] = ()
    later_losses: tuple[tuple[int | None, float | NotFinite | None], ...] = ()  # (line, value) past the budget
    overwrites: tuple[Overwrite, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    true_gradients: tuple[TrueGradient, ...] = ()
    numeric_gradients: tuple[NumericGradient, ...] = ()
    grad_reads: tuple[GradRead, ...] = ()
    raised: tuple[Raised, ...] = ()
    held_roots: tuple[TensorId, ...] = ()  # roots of runs that the program still held at its end, graph and all
    wall_s: float = 0.0
    limits: Limits = Limits()
