"""The sentence of a call that adds no node to the graph: what it did, and why the graph stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from engine.contract.trace import CallRecord, Cut
from engine.text.language import N_
from graphviz_tools.graph.labels import tensor_text
from graphviz_tools.payload import TextBlock
from graphviz_tools.story.context import Stage

MAX_NAMES = 4
INEXACT = ("float", "bfloat", "complex", "half", "double")


def plain_words(stage: Stage, number: int) -> TextBlock:
    """One sentence on a call; the first of the rules below that knows it."""
    call = stage.trace.calls[number]
    inside = [tensor for tensor in _taken(call) if stage.index.required_grad(tensor, number)]
    return next(said for rule in _RULES if (said := rule(stage, call, inside)) is not None)


def is_optimizer(call: CallRecord) -> bool:
    """Whether it is the step of an optimizer."""
    return call.function.startswith("torch.optim.")


def _optimizer(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    _ = stage._
    if not is_optimizer(call):
        return None
    if not call.in_place:
        return TextBlock(_("The optimizer changed no parameter: none of them had a gradient to go by."), "note")
    text = _("The optimizer changes {n} of its parameters in place, each by what its .grad says. No node is added.")
    if len(call.in_place) == 1:
        text = _("The optimizer changes its parameter in place by what .grad says. No node is added.")
    return TextBlock(text.format(n=len(call.in_place)))


def _requires_grad(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    _ = stage._
    if call.name not in ("requires_grad_", "requires_grad") or not call.inputs or call.inputs[0].tensor is None:
        return None
    name = tensor_text(stage.trace, call.inputs[0].tensor, _)
    if any(argument.text == "False" for argument in call.inputs[1:]):
        text = _("{name} is frozen: backward leaves it out, and what is calculated from it alone gets no node.")
    else:
        text = _("{name} is a leaf that requires grad: backward will collect its gradient in {name}.grad.")
    return TextBlock(text.format(name=name))


def _retains_grad(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    if call.name != "retain_grad":
        return None
    return TextBlock(stage._("This tensor is no leaf; retain_grad() asks backward to keep its gradient all the same."))


def _cut(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    if call.cut is None:
        return None
    text, source = _CUTS.get(call.cut, _READ) if inside else _FREE.get(call.cut, _READ_FREELY), _first(call)
    if inside:
        return TextBlock(stage._(text), "note")
    name = stage._("the tensor") if source is None else tensor_text(stage.trace, source, stage._)
    return TextBlock(stage._(text).format(name=name))


_SHARED = N_("The result shares its memory with the original, but the graph ends here: no gradient passes.")
_SHARED_FREELY = N_("The result shares its memory with {name}, which is in no graph: there is nothing to cut.")
_READ = N_("Only the numbers are read here: no gradient can come back through them.")
_READ_FREELY = N_("The numbers of {name} are read. It is in no graph, so no gradient is lost.")
_CUTS: dict[Cut, str] = {  # of a tensor that requires grad
    "detach": _SHARED,
    "data": _SHARED,
    "new_tensor": N_("A new tensor is made from the numbers alone. The graph ends here: no gradient passes."),
}
_FREE: dict[Cut, str] = {  # of one that is in no graph
    "detach": _SHARED_FREELY,
    "data": _SHARED_FREELY,
    "new_tensor": N_("A new tensor with the numbers of {name}, which is in no graph: no gradient is lost."),
    "numpy": N_("NumPy sees the memory of {name}: what one side writes, the other reads. No graph is involved."),
}


def _switched_off(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    if call.grad_enabled or not inside:
        return None
    return TextBlock(stage._("Gradients are switched off here, so PyTorch adds no node to the graph."), "note")


def _leaf(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    _ = stage._
    names = [tensor_text(stage.trace, s.tensor, _) for s in call.outputs if s.is_leaf and s.requires_grad]
    if not names:
        return None
    text = _("{name} is a leaf that requires grad: backward will collect its gradient in {name}.grad.")
    return TextBlock(text.format(name=names[0]))


def _data_replaced(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    _, tensor = stage._, _first(call)
    if not call.function.endswith(".data.__set__") or tensor is None:
        return None
    text = _("{name} is given other numbers past the graph: no node is added, and no version counter moves.")
    return TextBlock(text.format(name=tensor_text(stage.trace, tensor, _)), "note")


def _written(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    """In place, into what no graph needs."""
    _ = stage._
    if not call.in_place:
        return None
    written = call.in_place[0].tensor
    if stage.trace.tensors[written].grad_of is not None:
        return TextBlock(_("A gradient itself is changed; what the next backward brings is added to what stands here."))
    names = _names(stage, [change.tensor for change in call.in_place])
    return TextBlock(_("{name} gets new numbers in its own memory. No node is added.").format(name=names))


def _handed_back(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    if not call.outputs or any(state.tensor not in _taken(call) for state in call.outputs):
        return None
    return TextBlock(stage._("There was nothing to do: the same tensor comes back."))


def _no_derivative(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    _ = stage._
    if not inside or not call.outputs:
        return None
    dtype = stage.trace.tensors[call.outputs[0].tensor].dtype
    if not dtype.startswith(INEXACT):
        text = _("The result is of dtype {dtype}. Such numbers have no gradient, so the graph ends here.")
        return TextBlock(text.format(dtype=dtype), "note")
    text = _("The numbers of {name} do not flow into this result, so no node is added and no gradient comes back.")
    return TextBlock(text.format(name=_names(stage, inside)), "note")


def _view(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    _, tensors = stage._, stage.trace.tensors
    own = {tensors[state.tensor].storage for state in call.outputs} - {None}
    for source in _taken(call):
        if tensors[source].storage in own:
            text = _("The result is a view: the same memory as {name}, looked at differently. No graph is involved.")
            return TextBlock(text.format(name=tensor_text(stage.trace, source, _)))
    return None


def _on_other_memory(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    if call.name not in ("from_numpy", "frombuffer", "from_dlpack") or _taken(call):
        return None
    return TextBlock(
        stage._("A tensor on memory that NumPy or another library holds: what one side writes, the other reads.")
    )


def _created(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    if _taken(call) or not call.outputs:
        return None
    return TextBlock(stage._("A new tensor. It does not require grad, so PyTorch keeps no graph for its sake."))


def _calculated(stage: Stage, call: CallRecord, inside: list[int]) -> TextBlock | None:
    _, taken = stage._, _taken(call)
    if not taken:
        return TextBlock(_("PyTorch did this without adding anything to the graph."))
    text = _("{name} does not require grad: PyTorch calculates the numbers and adds no node.")
    if len(taken) > 1:
        text = _("None of {names} requires grad: PyTorch calculates the numbers and adds no node.")
    names = _names(stage, taken)
    return TextBlock(text.format(name=names, names=names))


Rule = Callable[[Stage, CallRecord, "list[int]"], "TextBlock | None"]  # the tensors taken that require grad
_RULES: tuple[Rule, ...] = (
    _optimizer,
    _requires_grad,
    _retains_grad,
    _data_replaced,
    _cut,
    _switched_off,
    _written,
    _handed_back,
    _leaf,
    _no_derivative,
    _view,
    _on_other_memory,
    _created,
    _calculated,
)


def _taken(call: CallRecord) -> list[int]:
    return list(dict.fromkeys(argument.tensor for argument in call.inputs if argument.tensor is not None))


def _first(call: CallRecord) -> int | None:
    return next(iter(_taken(call)), None)


def _names(stage: Stage, tensors: list[int]) -> str:
    names = list(dict.fromkeys(tensor_text(stage.trace, tensor, stage._) for tensor in tensors))
    return ", ".join(names[:MAX_NAMES]) + (", …" if len(names) > MAX_NAMES else "")
