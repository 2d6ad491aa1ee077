"""Tensors and calls as the program writes them: names first, else the expression that made a tensor."""

from __future__ import annotations

from collections.abc import Callable

from engine.contract.trace import Argument, CallRecord, TensorRecord, Trace
from engine.contract.values import shape_text
from engine.program.source import source_of

LONGEST_NAME = 26
LONGEST_CALL = 48
LONGEST_TOLD = 120  # of a name in a sentence
MAX_ARGUMENTS = 3
MOST_WRITTEN = 16  # arguments and results of one call that are looked at
MAX_NESTING = 2  # calls shown inside a call before "…", and more while that stays short
DEEPEST = 6
MAX_GRADS = 3  # of x.grad.grad.grad

Unnamed = Callable[[TensorRecord], str]  # what to say of a tensor with neither a name nor a call

_INFIX = {
    "add": "+",
    "__add__": "+",
    "sub": "-",
    "__sub__": "-",
    "mul": "*",
    "__mul__": "*",
    "div": "/",
    "true_divide": "/",
    "__truediv__": "/",
    "matmul": "@",
    "__matmul__": "@",
    "pow": "**",
    "__pow__": "**",
    "__floordiv__": "//",
    "__mod__": "%",
    "remainder": "%",
    "gt": ">",
    "ge": ">=",
    "lt": "<",
    "le": "<=",
    "__gt__": ">",
    "__ge__": ">=",
    "__lt__": "<",
    "__le__": "<=",
}
_REFLECTED = {
    "__radd__": "+",
    "__rsub__": "-",
    "rsub": "-",
    "__rmul__": "*",
    "__rtruediv__": "/",
    "__rdiv__": "/",
    "__rmatmul__": "@",
    "__rpow__": "**",
}
_WRITING = {
    "add_": "+=",
    "sub_": "-=",
    "mul_": "*=",
    "div_": "/=",
    "__iadd__": "+=",
    "__isub__": "-=",
    "__imul__": "*=",
    "__itruediv__": "/=",
    "__ipow__": "**=",
}
_VALUES_AND_INDICES = {
    "max",
    "min",
    "sort",
    "topk",
    "median",
    "nanmedian",
    "mode",
    "kthvalue",
    "cummax",
    "cummin",
}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "//": 2, "%": 2, "**": 3}


def elided(text: str, longest: int = LONGEST_NAME) -> str:
    """A long name with its middle left out: the end of a parameter's path says most."""
    if len(text) <= longest:
        return text
    return text[: longest // 3] + "…" + text[-(longest - longest // 3 - 1) :]


def own_name(trace: Trace, tensor: int) -> str | None:
    """The tensor's variable or path; ``x.grad`` for what the program read there; None without either."""
    ending = ""
    for _ in range(MAX_GRADS):
        record = trace.tensors[tensor]
        if record.name is not None:
            return record.name + ending
        if record.grad_of is None:
            return None
        tensor, ending = record.grad_of, f".grad{ending}"
    return None


def tensor_expression(trace: Trace, tensor: int, unnamed: Unnamed) -> str:
    """The tensor's name, or the expression that made it: "b * b"."""
    return _as_deep_as_fits(lambda depth: _made(trace, tensor, unnamed, depth))


def called(trace: Trace, tensor: int) -> str:
    """As :func:`tensor_expression`; without either its kind and shape."""
    return tensor_expression(trace, tensor, lambda record: f"{record.kind} {shape_text(record.shape)}")


def call_expression(trace: Trace, call: CallRecord, unnamed: Unnamed) -> str:
    """A call as a program would write it: "x * y", "z.sum()", "mean(b * b)", "b_ += 1"."""
    return _as_deep_as_fits(lambda depth: _written(trace, call, unnamed, depth))


def _as_deep_as_fits(write: Callable[[int], str]) -> str:
    text = write(MAX_NESTING)
    for depth in range(MAX_NESTING + 1, DEEPEST + 1):
        deeper = write(depth)
        if deeper == text or len(deeper) > LONGEST_CALL:
            break
        text = deeper
    return text


def _made(trace: Trace, tensor: int, unnamed: Unnamed, depth: int) -> str:
    name = own_name(trace, tensor)
    if name is not None:
        return elided(name, LONGEST_TOLD)
    record = trace.tensors[tensor]
    if record.call is None:
        return unnamed(record)
    call = trace.calls[record.call]
    return _written(trace, call, unnamed, depth) + _which(call, tensor) if depth > 0 else "…"


def _which(call: CallRecord, tensor: int) -> str:
    """Of several results the one that is meant: "[0]", or ".values" where PyTorch has names for them."""
    made: list[int] = [state.tensor for state in call.outputs[:MOST_WRITTEN]]
    if len(made) < 2 or tensor not in made:
        return ""
    position = made.index(tensor)
    if call.name in _VALUES_AND_INDICES and len(made) == 2:
        return (".values", ".indices")[position]
    return f"[{position}]"


def _written(trace: Trace, call: CallRecord, unnamed: Unnamed, depth: int) -> str:
    shown = call.inputs[:MOST_WRITTEN]
    texts = [_argument(trace, a, unnamed, depth) for a in shown if a.keyword is None]
    keywords = [f"{a.keyword}={_argument(trace, a, unnamed, depth)}" for a in shown if a.keyword is not None]
    keywords += ["…"] if len(call.inputs) > MOST_WRITTEN else []
    sign = _INFIX.get(call.name) or _REFLECTED.get(call.name)
    if call.name[:1] != "_" and f".{call.name}(" in source_of(trace.program.source).line(call.line):
        return _plain(call, texts, keywords)
    if sign is not None and len(texts) >= 2 and len(call.inputs) == 2:
        pair = (texts[1], texts[0]) if call.name in _REFLECTED else (texts[0], texts[1])
        return f" {sign} ".join(_wrapped(text, sign, place) for place, text in enumerate(pair))
    if call.name in _WRITING and len(call.inputs) == 2 and len(texts) == 2:
        return f"{texts[0]} {_WRITING[call.name]} {texts[1]}"
    if call.name in ("neg", "__neg__") and len(texts) == 1:
        return f"-{_wrapped(texts[0], '**', 0)}"
    if call.name == "__getitem__" and len(texts) >= 2:
        return f"{texts[0]}[{_index(texts[1:])}]"
    if call.name == "__setitem__" and len(texts) >= 3:
        return f"{texts[0]}[{_index(texts[1:-1])}] = {texts[-1]}"
    return _plain(call, texts, keywords)


def as_receiver(text: str) -> str:
    """An expression as a method can be called on it: "x", "(a - b)"."""
    return text if _binding(text) is None and not text.startswith("-") else f"({text})"


def _index(texts: list[str]) -> str:
    """``x[1, :3]`` has one argument, the tuple (1, :3)."""
    text = ", ".join(texts)
    return text[1:-1] if len(texts) == 1 and text.startswith("(") and text.endswith(")") else text


def _plain(call: CallRecord, texts: list[str], keywords: list[str]) -> str:
    attribute = call.function.endswith((".__get__", ".__set__"))
    if attribute and texts:
        target = f"{texts[0]}.{call.name}"
        return f"{target} = {texts[1]}" if call.function.endswith(".__set__") and len(texts) > 1 else target
    is_method = call.function.startswith("torch.Tensor.") and bool(call.inputs) and call.inputs[0].tensor is not None
    if is_method and texts:
        return _fitting(f"{as_receiver(texts[0])}.{call.name}", texts[1:], keywords)
    return _fitting(call.name, texts, keywords)


def _fitting(name: str, texts: list[str], keywords: list[str]) -> str:
    """``name(arguments)``; of a long call only the first arguments, and "…" for the rest."""
    full = f"{name}({', '.join([*texts, *keywords])})"
    if len(full) <= LONGEST_CALL:
        return full
    room = LONGEST_CALL - len(name)
    kept = [text for n, text in enumerate(texts, 1) if len(", ".join(texts[:n])) <= room - 5]
    return f"{name}({', '.join([*kept[:MAX_ARGUMENTS], '…'])})"


def _argument(trace: Trace, argument: Argument, unnamed: Unnamed, depth: int) -> str:
    if argument.tensor is not None:
        return _made(trace, argument.tensor, unnamed, depth - 1)
    return _short(argument.text or "…")


def _short(text: str, longest: int = 24) -> str:
    """A plain argument; of a long list its start: "[[1.0, 2.0, …]]"."""
    if len(text) <= longest or not text.startswith(("[", "(")):
        return elided(text, longest)
    head = text[: longest - 4].rpartition(",")[0] or text[:1]
    unclosed = [c for c in head if c in "[("][: head.count("[") + head.count("(") - head.count("]") - head.count(")")]
    return f"{head}, …" + "".join("]" if c == "[" else ")" for c in reversed(unclosed))


def _wrapped(text: str, sign: str, place: int) -> str:
    inner, outer = _binding(text), _BINDS.get(sign, 0)
    if inner is None or inner > outer or (inner == outer and place == 0 and sign != "**"):
        return text
    return f"({text})"


def _binding(text: str) -> int | None:
    """How tightly the loosest operator at the top level of a text binds; None without one."""
    depth, loosest = 0, None
    for word in text.split(" "):
        if depth == 0 and word in _BINDS:
            loosest = _BINDS[word] if loosest is None else min(loosest, _BINDS[word])
        depth += sum(word.count(c) for c in "([{") - sum(word.count(c) for c in ")]}")
    return loosest
