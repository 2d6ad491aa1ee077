"""Recordings made to hurt whoever reads them, of any size: families of traces with ``n`` of one thing."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from engine.contract.trace import (
    AccumulatedStep,
    Argument,
    CalledStep,
    CallRecord,
    Edge,
    FailedStep,
    Failure,
    GradRead,
    GradSetStep,
    InPlace,
    Leaf,
    Mismatch,
    NodeRanStep,
    NodeRecord,
    NumericGradient,
    Omission,
    Overwrite,
    Raised,
    Root,
    RunEndedStep,
    RunRecord,
    RunStartedStep,
    Saved,
    StorageRecord,
    TensorRecord,
    Trace,
    TrueGradient,
    Value,
)
from tests.graphviz_tools.hostile_rows import (
    CHANGED,
    NAN,
    NO_GRAD_FN,
    ONE,
    SECOND,
    ZERO,
    a_call,
    a_state,
    a_tensor,
    a_trace,
    family,
)
from tests.graphviz_tools.hostile_rows import (
    FAMILIES as FAMILIES,
)


@family
def chain(n: int, **more: Any) -> Trace:
    """One long graph, made call by call and run backward node by node; each tensor a view of the one before."""
    nodes = tuple(
        NodeRecord("MulBackward0", i, (Edge(i - 1 if i else None),), (Saved("self", 0, i, ONE, 0),), call=i, line=2)
        for i in range(n)
    )
    tensors = [a_tensor(name=f"h{i}", storage=0, base=max(i - 1, 0), call=i, line=2) for i in range(n)]
    calls = tuple(a_call((max(i - 1, 0),), (a_state(i, i),), nodes=(i,)) for i in range(n))
    run = RunRecord("backward", 3, (Root(n - 1, n - 1, 0, ONE),), nodes=tuple(range(n)))
    ran = [NodeRanStep(0, i, (ONE,), (ONE,)) for i in reversed(range(n))]
    steps = (*(CalledStep(i) for i in range(n)), RunStartedStep(0), *ran, RunEndedStep(0, True))
    return a_trace(
        storages=(StorageRecord(4, "cpu"),),
        tensors=tuple(tensors),
        nodes=nodes,
        calls=calls,
        runs=(run,),
        steps=steps,
        **more,
    )


@family
def chain_of_nan(n: int) -> Trace:
    """The same with gradients that end as NaN, and leaves that have them."""
    trace = chain(n)
    ran = tuple(NodeRanStep(0, i, (NAN,), (NAN,)) for i in reversed(range(n)))
    leaves = tuple(Leaf(f"h{i}", i, (), "float32", NAN) for i in range(n))
    return replace(trace, steps=(*trace.steps[: n + 1], *ran, RunEndedStep(0, True)), leaves=leaves)


@family
def chain_of_zeros(n: int) -> Trace:
    trace = chain(n)
    ran = tuple(NodeRanStep(0, i, (ZERO,), (ZERO,)) for i in reversed(range(n)))
    got = tuple(AccumulatedStep(0, i, None, ZERO, i) for i in range(n))
    leaves = tuple(Leaf(f"h{i}", i, (), "float32", ZERO) for i in range(n))
    return replace(trace, steps=(*trace.steps[: n + 1], *ran, *got, RunEndedStep(0, True)), leaves=leaves)


@family
def nested_runs(n: int) -> Trace:
    """Runs inside runs inside runs."""
    runs = tuple(
        RunRecord("backward", 1, (Root(0, 0, 0, ONE),), nodes=(0,), parent=i - 1 if i else None) for i in range(n)
    )
    steps = (*(RunStartedStep(i) for i in range(n)), *(RunEndedStep(i, True) for i in reversed(range(n))))
    return a_trace(
        tensors=(a_tensor(name="x"),), nodes=(NodeRecord("AccumulateGrad", variable=0),), runs=runs, steps=steps
    )


@family
def runs_that_end_in_the_order_they_began(n: int) -> Trace:
    trace = nested_runs(n)
    ended = tuple(RunEndedStep(i, True) for i in range(n))
    return replace(trace, steps=(*trace.steps[:n], *ended))


@family
def many_runs(n: int) -> Trace:
    """One backward after another of one leaf, which adds up."""
    runs = tuple(RunRecord("backward", 1, (Root(0, 1, 0, ONE),), nodes=(0, 1), retain_graph=True) for i in range(n))
    steps = [
        s
        for i in range(n)
        for s in (
            RunStartedStep(i),
            NodeRanStep(i, 1, (ONE,), (ONE,)),
            NodeRanStep(i, 0, (ONE,)),
            AccumulatedStep(i, 0, ONE if i else None, ONE, 0),
            RunEndedStep(i, True),
        )
    ]
    nodes = (NodeRecord("AccumulateGrad", variable=0), NodeRecord("MulBackward0", 1, (Edge(0),)))
    return a_trace(
        tensors=(a_tensor(name="x"),),
        nodes=nodes,
        runs=runs,
        steps=tuple(steps),
        leaves=(Leaf("x", 0, (), "float32", ONE),),
    )


@family
def runs_that_fail(n: int) -> Trace:
    """A second backward through one graph, caught, again and again."""
    trace = chain(3)
    runs = tuple(replace(trace.runs[0], line=i) for i in range(n))
    ended = [s for i in range(n) for s in (RunStartedStep(i), RunEndedStep(i, False, (), 1, f"RuntimeError: {SECOND}"))]
    return replace(trace, runs=runs, steps=(*trace.steps[:4], *ended))


@family
def runs_without_a_graph(n: int) -> Trace:
    trace = chain(n)
    runs = tuple(RunRecord("backward", i, (Root(n - 1, None, 0, ONE),)) for i in range(n))
    ended = [
        s
        for i in range(n)
        for s in (RunStartedStep(i), RunEndedStep(i, False, (), None, f"RuntimeError: {NO_GRAD_FN}"))
    ]
    return replace(
        trace,
        nodes=(),
        calls=tuple(replace(c, nodes=(), outputs=(a_state(i),)) for i, c in enumerate(trace.calls)),
        runs=runs,
        steps=(*trace.steps[:n], *ended),
    )


@family
def raised_and_caught(n: int) -> Trace:
    """Errors of many torch calls, each on a line of its own."""
    trace = chain(n)
    raised = tuple(
        Raised(
            "torch.Tensor.mul_",
            "RuntimeError",
            "a leaf Variable that requires grad is being used",
            i,
            i,
            (Argument(i),),
        )
        for i in range(n)
    )
    return replace(trace, raised=raised)


@family
def views_that_are_written_to(n: int) -> Trace:
    """Views of one storage, each written to in place, each saved by a node."""
    tensors = tuple(a_tensor(name=f"v{i}", storage=0, base=0) for i in range(n))
    nodes = tuple(
        NodeRecord("MulBackward0", i, (Edge(None),), (Saved("self", 0, i, ONE, 0),), call=i) for i in range(n)
    )
    calls = tuple(
        a_call((i,), (a_state(i, i, version=i + 1),), "mul_", nodes=(i,), in_place=(InPlace(i, i, i + 1),))
        for i in range(n)
    )
    rows = tuple(Overwrite(i, "self", n, 3, "call", i, i, 0, 1, value=ZERO) for i in range(n))
    wrong = tuple(Mismatch(0, i, "self", 1, False, ZERO) for i in range(n))
    true = tuple(TrueGradient(0, i, ONE, ZERO, True) for i in range(n))
    run = RunRecord("backward", 3, (Root(0, 0, 0, ONE),), nodes=tuple(range(n)))
    ran = (NodeRanStep(0, i, (ONE,), (ONE,)) for i in range(n))
    got = (AccumulatedStep(0, i, None, ONE, i) for i in range(n))
    steps = (*(CalledStep(i) for i in range(n)), RunStartedStep(0), *ran, *got, RunEndedStep(0, True))
    return a_trace(
        storages=(StorageRecord(4, "cpu"),),
        tensors=tensors,
        nodes=nodes,
        calls=calls,
        runs=(run,),
        steps=steps,
        overwrites=rows,
        mismatches=wrong,
        true_gradients=true,
    )


@family
def wide(n: int) -> Trace:
    """One call with many inputs and outputs, one node with many edges and saved tensors, one run of many roots."""
    tensors = tuple(a_tensor(name=f"t{i}", storage=i, call=0) for i in range(n))
    leaves = tuple(NodeRecord("AccumulateGrad", variable=i) for i in range(n))
    top = NodeRecord(
        "StackBackward0",
        1,
        tuple(Edge(i) for i in range(n)),
        tuple(Saved("self", 0, i, ONE, i) for i in range(n)),
        call=0,
    )
    call = a_call(
        tuple(range(n)), tuple(a_state(i, n) for i in range(n)), nodes=(n,), seen=tuple(a_state(i) for i in range(n))
    )
    run = RunRecord("grad", 3, tuple(Root(i, n, i, ONE) for i in range(n)), tuple(range(n)), nodes=tuple(range(n + 1)))
    ran = NodeRanStep(0, n, (ONE,) * n, (ONE,) * n)
    got = tuple(AccumulatedStep(0, i, None, ONE, i) for i in range(n))
    return a_trace(
        storages=(StorageRecord(4, "cpu"),) * n,
        tensors=tensors,
        nodes=(*leaves, top),
        calls=(call,),
        runs=(run,),
        steps=(CalledStep(0), RunStartedStep(0), ran, *got, RunEndedStep(0, True, (ONE,) * n)),
    )


@family
def leaves_never_reached(n: int) -> Trace:
    """Leaves without a gradient, each given to an optimizer, looked at, and cut off from the root."""
    tensors = tuple(a_tensor(name=f"m.{i}.weight", storage=i, line=1) for i in range(n)) + tuple(
        a_tensor(name=f"c{i}", storage=i, call=i, cut="detach", cut_from=i, line=2) for i in range(n)
    )
    tensors += (a_tensor(name="loss", call=n),)
    calls = tuple(a_call((i,), (a_state(n + i),), "detach", cut="detach", seen=(a_state(i),)) for i in range(n))
    calls += (a_call(tuple(range(n, 2 * n)), (a_state(2 * n, 0),), "stack", nodes=(0,)),)
    states = tuple(a_state(i) for i in range(n))
    calls += (
        CallRecord(
            "SGD.step", "torch.optim.SGD.step", 4, seen=states, in_place=tuple(InPlace(i, 0, 1) for i in range(n))
        ),
    )
    run = RunRecord("backward", 3, (Root(2 * n, 0, 0, ONE),), nodes=(0,))
    steps = (
        *(CalledStep(i) for i in range(n + 1)),
        RunStartedStep(0),
        NodeRanStep(0, 0, (ONE,)),
        RunEndedStep(0, True),
        CalledStep(n + 1),
    )
    return a_trace(
        storages=(StorageRecord(4, "cpu"),) * n,
        tensors=tensors,
        nodes=(NodeRecord("StackBackward0", 1, call=n),),
        calls=calls,
        runs=(run,),
        steps=steps,
        leaves=tuple(Leaf(f"m.{i}.weight", i, (), "float32") for i in range(n)),
        grad_reads=tuple(GradRead(i, len(steps), 4, True) for i in range(n)),
        numeric_gradients=tuple(NumericGradient(0, i, ONE) for i in range(n)),
    )


@family
def gradients_set_and_read(n: int) -> Trace:
    """``.grad`` of one leaf set to None and read, round after round, with a step of an optimizer in each."""
    trace = many_runs(n)
    step = CallRecord("SGD.step", "torch.optim.SGD.step", 4, seen=(a_state(0),), in_place=(InPlace(0, 0, 1),))
    steps = [
        s for i in range(n) for s in (*trace.steps[5 * i : 5 * i + 5], CalledStep(i), GradSetStep(0, 2, ONE, None))
    ]
    reads = tuple(GradRead(0, i * 7 + 6, 2) for i in range(n))
    return replace(trace, calls=(step,) * n, steps=tuple(steps), grad_reads=reads)


@family
def steps_before_backward(n: int) -> Trace:
    trace = many_runs(n)
    calls = tuple(CallRecord("SGD.step", "torch.optim.SGD.step", i, seen=(a_state(0),)) for i in range(n))
    return replace(trace, calls=calls, steps=(*(CalledStep(i) for i in range(n)), *trace.steps))


@family
def losses_kept(n: int) -> Trace:
    """Roots of all runs held when each later one starts, and added up."""
    runs = tuple(
        RunRecord("backward", 1, (Root(i, i, 0, ONE),), nodes=(i,), held_roots=(max(0, i - 1), i)) for i in range(n)
    )
    nodes = tuple(NodeRecord("MulBackward0", i, call=i) for i in range(n))
    nodes += tuple(
        NodeRecord("AddBackward0", n + i, (Edge(i), Edge(n + i - 1 if i else None)), call=n + i, line=3)
        for i in range(n)
    )
    tensors = tuple(a_tensor(name="loss", call=i) for i in range(n)) + tuple(
        a_tensor(name="total", call=n + i) for i in range(n)
    )
    calls = tuple(a_call((), (a_state(i, i),), nodes=(i,)) for i in range(2 * n))
    steps = tuple(
        s for i in range(n) for s in (CalledStep(i), RunStartedStep(i), RunEndedStep(i, True), CalledStep(n + i))
    )
    return a_trace(tensors=tensors, nodes=nodes, calls=calls, runs=runs, steps=steps, held_roots=tuple(range(n)))


@family
def numbers_taken_out(n: int) -> Trace:
    """A failing program whose root was cut from everything, with item() in each round."""
    trace = runs_without_a_graph(n)
    calls = tuple(replace(call, name="item", cut="item", outputs=(), result="1.0") for call in trace.calls)
    failure = Failure("RuntimeError", NO_GRAD_FN, 3, "backward")
    return replace(
        trace, ending="error", calls=(*trace.calls, *calls), failure=failure, steps=(*trace.steps, FailedStep())
    )


@family
def changed_before_it_failed(n: int) -> Trace:
    trace = views_that_are_written_to(n)
    failure = Failure("RuntimeError", CHANGED, 3, "backward", n - 1)
    return replace(
        trace,
        ending="error",
        failure=failure,
        steps=(*trace.steps[: n + 1], RunEndedStep(0, False, (), n - 1, f"RuntimeError: {CHANGED}"), FailedStep()),
    )


@family
def freed_before_it_failed(n: int) -> Trace:
    trace = chain(n)
    failure = Failure("RuntimeError", SECOND, 3, "backward", n - 1)
    again = (RunStartedStep(1), RunEndedStep(1, False, (), n - 1, f"RuntimeError: {SECOND}"), FailedStep())
    root = (Root(0, 0, 0, ONE),)
    return replace(
        trace,
        ending="error",
        runs=(trace.runs[0], replace(trace.runs[0], roots=root)),
        failure=failure,
        steps=(*trace.steps, *again),
    )


@family
def left_out(n: int) -> Trace:
    return a_trace(
        omissions=(Omission("calls", 3, 1, "y" * 30),) * n,
        later_losses=((1, "nan"),) * n,
        leaves=(Leaf("x", None, (), "float32", NAN),) * n,
    )


@family
def rebound(n: int) -> Trace:
    """``w = w - w.grad`` in every round, each the start of the next."""
    tensors = tuple(
        s
        for i in range(n)
        for s in (
            a_tensor(name="w", call=2 * i - 1 if i else None),
            a_tensor(grad_of=2 * i, call=min(2 * i, 2 * n - 3)),
        )
    )
    calls = tuple(
        c
        for i in range(n - 1)
        for c in (
            a_call((2 * i,), (a_state(2 * i + 1),), "grad"),
            a_call((2 * i, 2 * i + 1), (a_state(2 * i + 2),), "sub"),
        )
    )
    runs = (RunRecord("backward", 3, (Root(0, 0, 0, ONE),), nodes=(0,)),)
    ended = (RunStartedStep(0), RunEndedStep(0, False, (), None, f"RuntimeError: {NO_GRAD_FN}"))
    reads = tuple(GradRead(2 * i, len(calls) + 2, 3, True) for i in range(n))
    return a_trace(
        tensors=tensors,
        calls=calls,
        runs=runs,
        nodes=(NodeRecord("AccumulateGrad", variable=0),),
        steps=(*(CalledStep(i) for i in range(len(calls))), *ended),
        grad_reads=reads,
    )


@family
def modules(n: int) -> Trace:
    """A path of modules as deep as it is long, and rounds of a loop."""
    nodes = tuple(
        NodeRecord("MulBackward0", i, (Edge(i - 1 if i else None),), call=i, scope=("m",) * 3 + (f"l{i}",))
        for i in range(n)
    )
    trace = chain(n)
    deep = tuple(f"m{i}" for i in range(n))
    nodes = (replace(nodes[0], scope=deep), *nodes[1:])
    return replace(trace, nodes=nodes, calls=tuple(replace(c, line=i % 7) for i, c in enumerate(trace.calls)))


@family
def dimensions(n: int) -> Trace:
    """Shapes of very many dimensions, and of sizes no computer has."""
    shapes = [(1,) * n, (2**40,) * n, (0, 3, 10**15), (10**15, 0), (2**62, 2**62), (0,) * n, (10**9,)]
    values = [Value(s, "float32", (1.0,) if s == (1,) * n else ()) for s in shapes]
    tensors = tuple(
        TensorRecord(s, "float32", "cpu", f"x{i}", storage=i, strides=(1,) * len(s), call=i)
        for i, s in enumerate(shapes)
    )
    m, edges = len(shapes), (Edge(0), Edge(0))
    names = [
        "AccumulateGrad",
        "MulBackward0",
        "SumBackward0",
        "SliceBackward0",
        "ExpandBackward0",
        "MmBackward0",
        "CumsumBackward0",
    ]
    odd = (("dim", "0"), ("start", "0"), ("end", "9223372036854775807"), ("step", "1"), ("self_sym_sizes", "(0, 3)"))
    nodes = tuple(
        NodeRecord(
            name,
            i,
            edges if i else (),
            (Saved("self", 0, i, values[2], i), Saved("other", 0, i, values[3], i)),
            odd,
            call=i,
            variable=None if i else 0,
            output_shapes=(shapes[i],),
        )
        for i, name in enumerate(names)
    )
    calls = tuple(a_call((i,), (a_state(i, i, value=values[i]),), nodes=(i,)) for i in range(m))
    run = RunRecord("backward", 3, tuple(Root(i, i, 0, v, v) for i, v in enumerate(values)), nodes=tuple(range(m)))
    ran = tuple(NodeRanStep(0, i, (v,), (w, v)) for i, v in enumerate(values) for w in values)
    got = tuple(AccumulatedStep(0, i, v, v, i) for i, v in enumerate(values))
    leaves = tuple(Leaf(f"x{i}", i, s, "float32", v) for i, (s, v) in enumerate(zip(shapes, values)))
    return a_trace(
        storages=(StorageRecord(0, "cpu"),) * m,
        tensors=tensors,
        nodes=nodes,
        calls=calls,
        runs=(run,),
        leaves=leaves,
        steps=(*(CalledStep(i) for i in range(m)), RunStartedStep(0), *ran, *got, RunEndedStep(0, True)),
    )


@family
def circles(n: int) -> Trace:
    """Everything that leads somewhere leads back to where it came from."""
    trace = chain(n)
    tensors = tuple(
        a_tensor(
            storage=0,
            base=(i + 1) % n,
            cut_from=(i + 1) % n,
            cut="detach" if i % 2 else "data",
            call=i,
            grad_of=(i + 1) % n,
        )
        for i in range(n)
    )
    nodes = tuple(
        replace(node, next_functions=(Edge((i + 1) % n), Edge(i)), run=0) for i, node in enumerate(trace.nodes)
    )
    runs = tuple(replace(trace.runs[0], parent=i ^ 1, nodes=(0, 1)) for i in range(4))
    calls = tuple(a_call((i, (i + 1) % n), (a_state(i, i),), nodes=(i,)) for i in range(n))
    return replace(trace, tensors=tensors, nodes=nodes, runs=runs, calls=calls)


@family
def long_words(n: int) -> Trace:
    """Names, messages and types of ``n`` characters, mentioned by thirty steps."""
    word, trace = "w" * n, chain(30)
    failure = Failure(word, f"{word} {CHANGED}", 3, "backward", 2, word)
    return replace(
        trace,
        ending="error",
        failure=failure,
        tensors=tuple(replace(t, name=word, kind=word, dtype=word, device=word) for t in trace.tensors),
        nodes=tuple(replace(t, name=word, scope=(word, word), attributes=((word, word),)) for t in trace.nodes),
        calls=tuple(replace(t, name=word, function=word, result=word, frame=word) for t in trace.calls),
        leaves=(Leaf(word, 0, (), word, ONE),) * 3,
        steps=(*trace.steps, RunEndedStep(0, False, (), 0, word), FailedStep()),
    )
