"""Names and expressions as a learner writes them."""

from __future__ import annotations

import pytest
from msgspec import structs

from engine.contract.trace import Argument, CallRecord, Program, TensorRecord, TensorState, Trace
from engine.text.language import N_
from graphviz_tools.graph.labels import call_text, elided, tensor_label, tensor_text

X, Y, UNNAMED = 0, 1, 2


def trace(*calls: CallRecord) -> Trace:
    tensors = (
        TensorRecord((2,), "float32", "cpu", name="x"),
        TensorRecord((2,), "float32", "cpu", name="y"),
        TensorRecord((2,), "float32", "cpu", call=0),
    )
    return Trace(Program(""), "ok", tensors=tensors, calls=calls)


def call(name: str, *inputs: int | str, function: str | None = None, **keywords: str) -> CallRecord:
    arguments = tuple(Argument(tensor=a) if isinstance(a, int) else Argument(text=a) for a in inputs)
    arguments += tuple(Argument(text=text, keyword=keyword) for keyword, text in keywords.items())
    return CallRecord(name, function or f"torch.Tensor.{name}", 1, arguments)


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (call("mul", X, Y), "x * y"),
        (call("__rsub__", X, "2"), "2 - x"),
        (call("pow", X, "2"), "x ** 2"),
        (call("neg", X), "-x"),
        (call("sum", X), "x.sum()"),
        (call("sum", X, "0", keepdim="True"), "x.sum(0, keepdim=True)"),
        (call("mean", X, function="torch.mean"), "mean(x)"),
        (call("data", X, function="torch.Tensor.data.__get__"), "x.data"),
        (call("requires_grad", X, "True", function="torch.Tensor.requires_grad.__set__"), "x.requires_grad = True"),
        (call("__getitem__", X, "0"), "x[0]"),
        (call("__getitem__", X, "(1, :3)"), "x[1, :3]"),
        (call("__setitem__", X, "(1, ::2)", Y), "x[1, ::2] = y"),
        (call("add_", X, "1"), "x += 1"),
        (call("zero_", X), "x.zero_()"),
        (call("linear", X, Y, function="torch.nn.functional.linear"), "linear(x, y)"),
    ],
)
def test_a_call_is_written_as_in_the_program(record: CallRecord, text: str) -> None:
    assert call_text(trace(), record, N_) == text


@pytest.mark.parametrize(
    ("inner", "outer", "text"),
    [
        (call("add", X, Y), call("mul", UNNAMED, X), "(x + y) * x"),
        (call("mul", X, Y), call("add", UNNAMED, X), "x * y + x"),
        (call("sub", X, Y), call("sub", X, UNNAMED), "x - (x - y)"),
        (call("add", X, Y), call("sum", UNNAMED), "(x + y).sum()"),
        (call("mul", X, X), call("mean", UNNAMED, function="torch.mean"), "mean(x * x)"),
    ],
)
def test_a_result_without_a_name_is_the_expression_that_made_it(inner, outer, text: str) -> None:
    assert call_text(trace(inner), outer, N_) == text


def test_a_long_call_keeps_its_first_arguments() -> None:
    inner = call("linear", X, Y, function="torch.nn.functional.linear", weight="'" + "long" * 9 + "'", bias="None")
    assert call_text(trace(), inner, N_) == "linear(x, y, …)"


def test_nesting_ends_somewhere() -> None:
    itself = CallRecord("sum", "torch.Tensor.sum", 1, (Argument(tensor=UNNAMED),))
    assert tensor_text(trace(itself), UNNAMED, N_) == "…" + 6 * ".sum()"


def test_a_tensor_without_name_and_call_is_unnamed_with_its_shape() -> None:
    alone = Trace(Program(""), "ok", tensors=(TensorRecord((2,), "float32", "cpu"),))
    assert tensor_label(alone, 0, N_) == "unnamed (2,)"


def test_a_gradient_is_called_by_its_tensor() -> None:
    tensors = (
        TensorRecord((2,), "float32", "cpu", name="net.0.weight"),
        TensorRecord((2,), "float32", "cpu", grad_of=0),
        TensorRecord((2,), "float32", "cpu", grad_of=1),
        TensorRecord((2,), "float32", "cpu", grad_of=3),  # of itself, which no program can do
    )
    made = Trace(Program(""), "ok", tensors=tensors)
    assert [tensor_text(made, tensor, N_) for tensor in range(4)] == [
        "net.0.weight",
        "net.0.weight.grad",
        "net.0.weight.grad.grad",
        "unnamed (2,)",
    ]


def test_an_expression_is_written_out_while_it_is_short_and_shortened_after() -> None:
    steps = [call("mul", X, "2"), *(call("add", 2 + i, Y) for i in range(8))]
    tensors = (*trace().tensors[:2], *(TensorRecord((2,), "float32", "cpu", call=i) for i in range(9)))
    made = Trace(Program(""), "ok", tensors=tensors, calls=tuple(steps))
    assert tensor_text(made, 5, N_) == "x * 2 + y + y + y"
    assert tensor_text(made, 10, N_) == "… + y + y + y + y + y + y"


def test_of_several_results_each_has_its_own_text() -> None:
    results = tuple(TensorState(tensor, 0) for tensor in (2, 3))
    tensors = (*trace().tensors, TensorRecord((2,), "int64", "cpu", call=0))
    for name, texts in (
        ("max", ["x.max(0).values", "x.max(0).indices"]),
        ("split", ["x.split(0)[0]", "x.split(0)[1]"]),
    ):
        made = Trace(Program(""), "ok", tensors=tensors, calls=(structs.replace(call(name, X, "0"), outputs=results),))
        assert [tensor_text(made, tensor, N_) for tensor in (2, 3)] == texts


def test_a_long_list_is_shortened_at_its_end() -> None:
    text = "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]"
    assert call_text(trace(), call("tensor", text, function="torch.tensor"), N_) == "tensor([[1.0, 2.0, 3.0], …])"


def test_a_long_path_keeps_its_end() -> None:
    text = elided("model.encoder.layers.0.self_attn.in_proj_weight")
    assert len(text) == 26
    assert text.endswith("_proj_weight")
