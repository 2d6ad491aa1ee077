"""Small traces written by hand: what a recording of a few lines of code looks like."""

from __future__ import annotations

from collections.abc import Sequence

from engine.contract.trace import (
    AccumulatedStep,
    Argument,
    CalledStep,
    CallRecord,
    Edge,
    FailedStep,
    Failure,
    InPlace,
    NodeRanStep,
    NodeRecord,
    Program,
    Root,
    RunEndedStep,
    RunRecord,
    RunStartedStep,
    Saved,
    Step,
    StorageRecord,
    TensorRecord,
    TensorState,
    Trace,
    Value,
)


def value(*items: float, shape: tuple[int, ...] | None = None) -> Value:
    """A whole float32 value: a vector, or a scalar for ``shape=()``."""
    shape = (len(items),) if shape is None else shape
    return Value(shape, "float32", tuple(map(float, items)), tuple(tuple(range(size)) for size in shape))


def scalar(item: float) -> Value:
    return value(item, shape=())


def leaf(name: str | None, call: int, shape: tuple[int, ...] = (2,), storage: int | None = None) -> TensorRecord:
    return TensorRecord(shape, "float32", "cpu", name=name, call=call, line=call + 1, storage=storage)


def made(
    name: str | None, call: int, shape: tuple[int, ...] = (2,), storage: int | None = None, **more
) -> TensorRecord:
    return TensorRecord(shape, "float32", "cpu", name=name, call=call, line=call + 1, storage=storage, **more)


def leaf_call(tensor: int, content: Value, line: int) -> CallRecord:
    state = TensorState(tensor, 0, requires_grad=True, value=content)
    return CallRecord("tensor", "torch.tensor", line, (Argument(text="..."),), (state,))


def call(
    name: str,
    line: int,
    inputs: Sequence[int | str],
    tensor: int,
    node: int | None,
    content: Value,
    nodes: tuple[int, ...] = (),
    **more,
) -> CallRecord:
    arguments = tuple(Argument(tensor=a) if isinstance(a, int) else Argument(text=a) for a in inputs)
    state = TensorState(tensor, 0, requires_grad=node is not None, is_leaf=node is None, node=node, value=content)
    return CallRecord(name, f"torch.Tensor.{name}", line, arguments, (state,), nodes, **more)


def accumulate(tensor: int, shape: tuple[int, ...] = (2,)) -> NodeRecord:
    return NodeRecord("AccumulateGrad", variable=tensor, output_shapes=(shape,))


def trace(source: str, **tables) -> Trace:
    tables.setdefault("ending", "ok")
    return Trace(program=Program(source), **tables)


def c1() -> Trace:
    """x, y leaves; z = x * y; loss = z.sum(); loss.backward()."""
    x, y, ones = value(2, 3), value(4, 5), value(1, 1)
    return trace(
        "x = ...\ny = ...\nz = x * y\nloss = z.sum()\nloss.backward()\nprint(x.grad)\n",
        stdout="tensor([4., 5.])\n",
        tensors=(leaf("x", 0), leaf("y", 1), made("z", 2), made("loss", 3, ())),
        nodes=(
            accumulate(0),
            accumulate(1),
            NodeRecord(
                "MulBackward0",
                0,
                (Edge(0), Edge(1)),
                (Saved("other", 0, 1, y), Saved("self", 0, 0, x)),
                call=2,
                line=3,
                output_shapes=((2,),),
            ),
            NodeRecord("SumBackward0", 1, (Edge(2),), call=3, line=4, output_shapes=((),)),
        ),
        calls=(
            leaf_call(0, x, 1),
            leaf_call(1, y, 2),
            call("mul", 3, (0, 1), 2, 2, value(8, 15), (0, 1, 2)),
            call("sum", 4, (2,), 3, 3, scalar(23), (3,)),
        ),
        runs=(RunRecord("backward", 5, (Root(3, 3, value=scalar(23)),), nodes=(3, 2, 0, 1)),),
        steps=(
            CalledStep(0),
            CalledStep(1),
            CalledStep(2),
            CalledStep(3),
            RunStartedStep(0),
            NodeRanStep(0, 3, (scalar(1),), (ones,)),
            NodeRanStep(0, 2, (ones,), (y, x)),
            NodeRanStep(0, 0, (y,)),
            AccumulatedStep(0, 0, None, y, 0),
            NodeRanStep(0, 1, (x,)),
            AccumulatedStep(0, 1, None, x, 1),
            RunEndedStep(0, True),
        ),
    )


def square() -> Trace:
    """x = 3.; y = x * x; y.backward(): both edges lead to the same leaf."""
    three = scalar(3)
    return trace(
        "x = torch.tensor(3., requires_grad=True)\ny = x * x\ny.backward()\n",
        tensors=(leaf("x", 0, ()), made("y", 1, ())),
        nodes=(
            accumulate(0, ()),
            NodeRecord(
                "MulBackward0",
                0,
                (Edge(0), Edge(0)),
                (Saved("other", 0, 0, three), Saved("self", 0, 0, three)),
                call=1,
                line=2,
                output_shapes=((),),
            ),
        ),
        calls=(leaf_call(0, three, 1), call("mul", 2, (0, 0), 1, 1, scalar(9), (0, 1))),
        runs=(RunRecord("backward", 3, (Root(1, 1, value=scalar(9)),), nodes=(1, 0)),),
        steps=(
            CalledStep(0),
            CalledStep(1),
            RunStartedStep(0),
            NodeRanStep(0, 1, (scalar(1),), (three, three)),
            NodeRanStep(0, 0, (scalar(6),)),
            AccumulatedStep(0, 0, None, scalar(6), 0),
            RunEndedStep(0, True),
        ),
    )


def mutated(cut: str = "detach") -> Trace:
    """a leaf; b = a + 2; loss = mean(b * b); b_ = b.detach() or b.data; b_.zero_(); loss.backward()."""
    a, b, zeros, third = value(7, 0, 0), value(9, 2, 2), value(0, 0, 0), value(1 / 3, 1 / 3, 1 / 3)
    fails = cut == "detach"
    zero = CallRecord(
        "zero_",
        "torch.Tensor.zero_",
        5,
        (Argument(tensor=4),),
        (TensorState(4, 1, value=zeros),),
        in_place=(InPlace(4, 0, 1),),
    )
    head = (
        CalledStep(0),
        CalledStep(1),
        CalledStep(2),
        CalledStep(3),
        CalledStep(4),
        CalledStep(5),
        RunStartedStep(0),
        NodeRanStep(0, 3, (scalar(1),), (third,)),
    )
    tail: tuple[Step, ...] = (RunEndedStep(0, False, failed_node=2, error="RuntimeError: modified"), FailedStep())
    if not fails:
        tail = (
            NodeRanStep(0, 2, (third,), (zeros, zeros)),
            NodeRanStep(0, 1, (zeros,), (zeros, None)),
            NodeRanStep(0, 0, (zeros,)),
            AccumulatedStep(0, 0, None, zeros, 0),
            RunEndedStep(0, True),
        )
    return trace(
        "a = ...\nb = a + 2\nloss = (b * b).mean()\nb_ = b.detach()\nb_.zero_()\nloss.backward()\n",
        ending="error" if fails else "ok",
        failure=Failure("RuntimeError", "modified by an inplace operation", 6, "backward", 2) if fails else None,
        storages=(StorageRecord(12, "cpu"), StorageRecord(12, "cpu")),
        tensors=(
            leaf("a", 0, (3,), 0),
            made("b", 1, (3,), 1),
            made(None, 2, (3,)),
            made("loss", 3, ()),
            made("b_", 4, (3,), 1, cut_from=1, cut=cut),
        ),
        nodes=(
            accumulate(0, (3,)),
            NodeRecord("AddBackward0", 0, (Edge(0), Edge(None)), call=1, line=2, output_shapes=((3,),)),
            NodeRecord(
                "MulBackward0",
                1,
                (Edge(1), Edge(1)),
                (Saved("other", 0, 1, b, 1), Saved("self", 0, 1, b, 1)),
                call=2,
                line=3,
                output_shapes=((3,),),
            ),
            NodeRecord("MeanBackward0", 2, (Edge(2),), call=3, line=3, output_shapes=((),)),
        ),
        calls=(
            leaf_call(0, a, 1),
            call("add", 2, (0, "2"), 1, 1, b, (0, 1)),
            call("mul", 3, (1, 1), 2, 2, value(81, 4, 4), (2,)),
            call("mean", 3, (2,), 3, 3, scalar(29.66667), (3,)),
            call("detach", 4, (1,), 4, None, b, cut=cut),
            zero,
        ),
        runs=(RunRecord("backward", 6, (Root(3, 3, value=scalar(29.66667)),), nodes=(3, 2, 1, 0)),),
        steps=head + tail,
    )


def chain(n: int) -> Trace:
    """y = x; n times y = y * 2 on line 3; a backward in which every node runs."""
    one = scalar(1)
    nodes = [accumulate(0, ())]
    nodes += [NodeRecord("MulBackward0", i - 1, (Edge(i - 1), Edge(None)), call=i, line=3) for i in range(1, n + 1)]
    calls = [leaf_call(0, one, 1)]
    calls += [call("mul", 3, (i - 1, "2"), i, i, one, (i,) if i > 1 else (0, 1)) for i in range(1, n + 1)]
    ran = [NodeRanStep(0, i, (one,), (one, None)) for i in range(n, 0, -1)]
    return trace(
        "x = ...\nfor i in range(n):\n    y = y * 2\ny.backward()\n",
        tensors=(leaf("x", 0, ()), *(made("y", i, ()) for i in range(1, n + 1))),
        nodes=tuple(nodes),
        calls=tuple(calls),
        runs=(RunRecord("backward", 4, (Root(n, n, value=one),), nodes=tuple(range(n, -1, -1))),),
        steps=(
            *(CalledStep(i) for i in range(n + 1)),
            RunStartedStep(0),
            *ran,
            NodeRanStep(0, 0, (one,)),
            AccumulatedStep(0, 0, None, one, 0),
            RunEndedStep(0, True),
        ),
    )


def wide(n: int) -> Trace:
    """n times x * i on line 2, stacked on line 3: every product uses the same leaf."""
    one = scalar(1)
    products = [NodeRecord("MulBackward0", i, (Edge(0), Edge(None)), call=i + 1, line=2) for i in range(n)]
    stack = NodeRecord("StackBackward0", n, tuple(Edge(i + 1) for i in range(n)), call=n + 1, line=3)
    calls = [leaf_call(0, one, 1), *(call("mul", 2, (0, "2"), i + 1, i + 1, one, (i + 1,)) for i in range(n))]
    calls.append(call("stack", 3, tuple(range(1, n + 1)), n + 1, n + 1, one, (n + 1,)))
    return trace(
        "x = ...\nys = [x * i for i in range(n)]\nout = torch.stack(ys)\n",
        tensors=(leaf("x", 0, ()), *(made(None, i + 1, ()) for i in range(n)), made("out", n + 1, ())),
        nodes=(accumulate(0, ()), *products, stack),
        calls=tuple(calls),
        steps=tuple(CalledStep(i) for i in range(n + 2)),
    )


def recurrent(n: int) -> Trace:
    """n rounds of h = tanh(x @ W + h @ U) on lines 3 and 4: two leaves used in every round."""
    one = value(1)
    nodes, calls, tensors = [accumulate(0, (1,)), accumulate(1, (1,))], [], [leaf("W", 0, (1,)), leaf("U", 1, (1,))]
    calls += [leaf_call(0, one, 1), leaf_call(1, one, 2)]
    last: int | None = None
    for _ in range(n):
        first = len(nodes)
        nodes.append(NodeRecord("MmBackward0", first, (Edge(None), Edge(0)), call=len(calls), line=4))
        nodes.append(NodeRecord("MmBackward0", first + 1, (Edge(last), Edge(1)), call=len(calls) + 1, line=4))
        nodes.append(NodeRecord("AddBackward0", first + 2, (Edge(first), Edge(first + 1)), call=len(calls) + 2, line=4))
        nodes.append(NodeRecord("TanhBackward0", first + 3, (Edge(first + 2),), call=len(calls) + 3, line=5))
        last = first + 3
        for offset, name in enumerate(("matmul", "matmul", "add", "tanh")):
            line, number = (5 if name == "tanh" else 4), len(tensors)
            tensors.append(made("h" if name == "tanh" else None, len(calls), (1,)))
            calls.append(call(name, line, (0,), number, first + offset, one, (first + offset,)))
    return trace(
        "W\nU\nfor\n  a\n  b\n",
        tensors=tuple(tensors),
        nodes=tuple(nodes),
        calls=tuple(calls),
        steps=tuple(CalledStep(i) for i in range(len(calls))),
    )


def layers(n: int) -> Trace:
    """n modules net.0, net.1, ... of h = relu(h * w), each with a weight of its own."""
    one = value(1)
    nodes, calls, tensors = [], [], []
    last: int | None = None
    for i in range(n):
        scope, weight, first = ("net", str(i)), len(tensors), len(nodes)
        tensors += [
            leaf(f"net.{i}.weight", len(calls), (1,)),
            made(None, len(calls) + 1, (1,)),
            made("h", len(calls) + 2, (1,)),
        ]
        nodes.append(accumulate(weight, (1,)))
        nodes.append(
            NodeRecord("MulBackward0", first, (Edge(last), Edge(first)), call=len(calls) + 1, line=2, scope=scope)
        )
        nodes.append(NodeRecord("ReluBackward0", first, (Edge(first + 1),), call=len(calls) + 2, line=2, scope=scope))
        calls.append(leaf_call(weight, one, 1))
        calls.append(call("mul", 2, (weight,), weight + 1, first + 1, one, (first, first + 1)))
        calls.append(call("relu", 2, (weight + 1,), weight + 2, first + 2, one, (first + 2,)))
        last = first + 2
    return trace(
        "net = ...\nnet(x)\n",
        tensors=tuple(tensors),
        nodes=tuple(nodes),
        calls=tuple(calls),
        steps=tuple(CalledStep(i) for i in range(len(calls))),
    )


def dense(n: int) -> Trace:
    """n rounds of outs.append(cat(outs)): every result is joined with all that came before."""
    one = value(1)
    nodes, tensors, calls = [accumulate(0, (1,))], [leaf("x", 0, (1,))], [leaf_call(0, one, 1)]
    for i in range(1, n):
        nodes.append(NodeRecord("CatBackward0", i, tuple(Edge(j) for j in range(i)), call=i, line=3))
        tensors.append(made(None, i, (1,)))
        calls.append(call("cat", 3, tuple(range(i)), i, i, one, (i,)))
    return trace(
        "x\nfor\n  a\n",
        tensors=tuple(tensors),
        nodes=tuple(nodes),
        calls=tuple(calls),
        steps=tuple(CalledStep(i) for i in range(len(calls))),
    )
