"""Names as a learner knows them: variables, operations in words first, expressions instead of ids."""

from __future__ import annotations

from engine.explain.rules import rule_for
from engine.language import Translate
from engine.trace import Argument, CallRecord, NodeRecord, Trace
from graphviz_tools.values import shape_text

LONGEST_NAME = 26
LONGEST_CALL = 48
LONGEST_TOLD = 120  # of a name in a sentence
MAX_ARGUMENTS = 3
MAX_SCOPE = 32  # names in the path of a module
MAX_NESTING = 2  # calls shown inside a call before "…"

_INFIX = {
    "add": "+", "__add__": "+", "sub": "-", "__sub__": "-", "mul": "*", "__mul__": "*", "div": "/",
    "true_divide": "/", "__truediv__": "/", "matmul": "@", "__matmul__": "@", "pow": "**", "__pow__": "**",
    "__floordiv__": "//", "__mod__": "%", "remainder": "%", "gt": ">", "ge": ">=", "lt": "<", "le": "<=",
    "__gt__": ">", "__ge__": ">=", "__lt__": "<", "__le__": "<=",
}  # fmt: skip
_REFLECTED = {
    "__radd__": "+", "__rsub__": "-", "rsub": "-", "__rmul__": "*", "__rtruediv__": "/", "__rdiv__": "/",
    "__rmatmul__": "@", "__rpow__": "**",
}  # fmt: skip
_WRITING = {"add_": "+=", "sub_": "-=", "mul_": "*=", "div_": "/=", "__iadd__": "+=", "__isub__": "-=",
            "__imul__": "*=", "__itruediv__": "/=", "__ipow__": "**="}  # fmt: skip
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "//": 2, "%": 2, "**": 3}


def elided(text: str, longest: int = LONGEST_NAME) -> str:
    """A long name with its middle left out: the end of a parameter's path says most."""
    if len(text) <= longest:
        return text
    return text[: longest // 3] + "…" + text[-(longest - longest // 3 - 1) :]


def tensor_label(trace: Trace, tensor: int, _: Translate, longest: int = LONGEST_NAME) -> str:
    """The variable's name, else "unnamed (2, 3)"."""
    record = trace.tensors[tensor]
    if record.name is not None:
        return elided(record.name, longest)
    return _("unnamed {shape}").format(shape=shape_text(record.shape, _))


def node_word(node: NodeRecord, _: Translate) -> str:
    """What the node does, in a word: "multiply"."""
    return _(rule_for(node.name).word)


def scope_text(scope: tuple[str, ...]) -> str:
    return elided(".".join(elided(name, LONGEST_TOLD) for name in scope[:MAX_SCOPE]), LONGEST_TOLD)


def tensor_text(trace: Trace, tensor: int, _: Translate, depth: int = MAX_NESTING) -> str:
    """The variable's name, or the expression that made the tensor: "b * b"."""
    record = trace.tensors[tensor]
    if record.name is not None:
        return elided(record.name, LONGEST_TOLD)
    if record.call is None or depth <= 0:
        return "…" if record.call is not None else tensor_label(trace, tensor, _)
    return call_text(trace, trace.calls[record.call], _, depth)


def call_text(trace: Trace, call: CallRecord, _: Translate, depth: int = MAX_NESTING) -> str:
    """A call as a program would write it: "x * y", "z.sum()", "mean(b * b)", "b_ += 1"."""
    texts = [_argument(trace, a, _, depth) for a in call.inputs if a.keyword is None]
    keywords = [f"{a.keyword}={_argument(trace, a, _, depth)}" for a in call.inputs if a.keyword is not None]
    sign = _INFIX.get(call.name) or _REFLECTED.get(call.name)
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
        receiver = texts[0] if _binding(texts[0]) is None else f"({texts[0]})"
        return _fitting(f"{receiver}.{call.name}", texts[1:], keywords)
    return _fitting(call.name, texts, keywords)


def _fitting(name: str, texts: list[str], keywords: list[str]) -> str:
    """``name(arguments)``; of a long call only the first arguments, and "…" for the rest."""
    full = f"{name}({', '.join([*texts, *keywords])})"
    if len(full) <= LONGEST_CALL:
        return full
    room = LONGEST_CALL - len(name)
    kept = [text for n, text in enumerate(texts, 1) if len(", ".join(texts[:n])) <= room - 5]
    return f"{name}({', '.join([*kept[:MAX_ARGUMENTS], '…'])})"


def _argument(trace: Trace, argument: Argument, _: Translate, depth: int) -> str:
    if argument.tensor is not None:
        return tensor_text(trace, argument.tensor, _, depth - 1)
    return elided(argument.text or "…", 24)


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
