"""Traces in which ids are in range and nothing else is promised."""

from __future__ import annotations

from random import Random
from typing import Any

from engine.contract.trace import (
    AccumulatedStep,
    Argument,
    CalledStep,
    CallRecord,
    Edge,
    FailedStep,
    Failure,
    GradSetStep,
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
    TensorRecord,
    TensorState,
    Trace,
    Value,
)

NAMES = [None, "x", "w.weight", '"', "<script>", "变量", "\\", "a" * 90]
VALUES = [
    None,
    Value((), "float32", (1.5,)),
    Value((2,), "float32", ("nan", 0.0), ((0, 1),)),
    Value((0,), "int64"),
    Value((9, 9), "float32", is_whole=False, unavailable="meta tensor"),
]
NODES = ["MulBackward0", "SumBackward0", "AccumulateGrad", "MyFunctionBackward", "SplitBackward0", "Odd"]
CALLS = ["mul", "zero_", "detach", "__rsub__", "item", "linear"]
CUTS: list[Any] = [None, None, "detach", "data", "no_grad", "item"]


def random_trace(seed: int) -> Trace:
    return _Maker(Random(seed)).trace()


class _Maker:
    def __init__(self, random: Random) -> None:
        self.r = random
        self.n = {kind: random.randint(0, most) for kind, most in (("tensor", 5), ("node", 7), ("call", 5), ("run", 3))}

    def trace(self) -> Trace:
        failure = self.maybe(lambda: Failure("RuntimeError", "no", self.line(), "backward", self.id("node")))
        steps = tuple(step for _ in range(self.r.randint(0, 14)) if (step := self.step()) is not None)
        return Trace(
            Program("x\ny\n"),
            "error" if failure is not None else "ok",
            failure=failure,
            stdout="é\n",
            tensors=tuple(self.tensor(n) for n in range(self.n["tensor"])),
            nodes=tuple(self.node(n) for n in range(self.n["node"])),
            calls=tuple(self.call() for _ in range(self.n["call"])),
            runs=tuple(self.run() for _ in range(self.n["run"])),
            steps=(*steps, FailedStep()) if failure is not None else steps,
        )

    def id(self, kind: str) -> int | None:
        """An id of the kind, or None."""
        return self.r.randrange(self.n[kind]) if self.n[kind] and self.r.random() < 0.8 else None

    def line(self) -> int | None:
        return self.r.choice([None, 1, 2, 3])

    def value(self) -> Value | None:
        return self.r.choice(VALUES)

    def values(self) -> tuple[Value | None, ...]:
        return tuple(self.value() for _ in range(self.r.randint(0, 3)))

    def maybe(self, make: Any) -> Any:
        return make() if self.r.random() < 0.5 else None

    def some(self, make: Any, most: int = 3) -> tuple[Any, ...]:
        return tuple(thing for _ in range(self.r.randint(0, most)) if (thing := make()) is not None)

    def tensor(self, number: int) -> TensorRecord:
        return TensorRecord(
            (2,),
            "float32",
            "cpu",
            self.r.choice(NAMES),
            storage=self.r.choice([None, 0, 1]),
            strides=(1,),
            base=self.id("tensor"),
            call=self.id("call"),
            line=self.line(),
            cut_from=self.id("tensor"),
            cut=self.r.choice(CUTS),
        )

    def state(self) -> TensorState | None:
        tensor = self.id("tensor")
        if tensor is None:
            return None
        flags = [self.r.random() < 0.5 for _ in range(3)]
        return TensorState(tensor, self.r.randint(0, 2), *flags, self.id("node"), self.r.randint(0, 1), self.value())

    def node(self, number: int) -> NodeRecord:
        below = lambda: Edge(self.r.choice([None, *range(number)]), self.r.randint(0, 1))  # noqa: E731
        return NodeRecord(
            self.r.choice(NODES),
            self.r.choice([None, 4]),
            self.some(below),
            self.some(
                lambda: Saved(
                    self.r.choice(["self", "other"]),
                    self.r.randint(0, 1),
                    self.id("tensor"),
                    self.value(),
                    self.r.choice([None, 0]),
                )
            ),
            call=self.id("call"),
            line=self.line(),
            scope=self.r.choice([(), ("m",), ("m", "0")]),
            variable=self.maybe(lambda: self.id("tensor")),
        )

    def call(self) -> CallRecord:
        return CallRecord(
            self.r.choice(CALLS),
            "torch.Tensor.mul",
            self.line(),
            self.some(lambda: Argument(self.id("tensor"), self.r.choice([None, "2"]), self.r.choice([None, "dim"]))),
            self.some(self.state),
            self.some(lambda: self.id("node")),
            self.some(self.state),
            self.some(lambda: None if (t := self.id("tensor")) is None else InPlace(t, 0, 1)),
            grad_enabled=self.r.random() < 0.7,
            cut=self.r.choice(CUTS),
            result=self.r.choice([None, "3.0"]),
        )

    def run(self) -> RunRecord:
        return RunRecord(
            self.r.choice(["backward", "grad"]),
            self.line(),
            self.some(lambda: Root(self.id("tensor"), self.id("node"), 0, self.value(), self.value()), 2),
            self.maybe(lambda: self.some(lambda: self.id("tensor"))),
            self.r.random() < 0.3,
            self.r.random() < 0.3,
            tuple(dict.fromkeys(self.some(lambda: self.id("node"), 7))),
        )

    def step(self) -> Step | None:
        call, run, node, tensor = (self.id(kind) for kind in ("call", "run", "node", "tensor"))
        kind = self.r.randrange(6)
        if kind == 0 and call is not None:
            return CalledStep(call, self.r.randint(0, 4))
        if kind == 1 and tensor is not None:
            return GradSetStep(tensor, self.line(), self.value(), self.value())
        if run is None:
            return None
        if kind == 2:
            return RunStartedStep(run)
        if kind == 3 and node is not None:
            return NodeRanStep(run, node, self.values(), self.values())
        if kind == 4 and tensor is not None:
            return AccumulatedStep(run, tensor, self.value(), self.value(), node)
        return RunEndedStep(run, self.r.random() < 0.5, self.values(), node, self.r.choice([None, "Error: x"]))
