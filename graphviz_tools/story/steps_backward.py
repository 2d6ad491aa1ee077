"""The text of a backward step: what arrives, the local rule with its numbers, what leaves, what is freed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from engine.contract.trace import AccumulatedStep, GradSetStep, NodeRanStep, Root, RunEndedStep, Value
from engine.explain.errors.cases.endings import is_asked_for
from engine.explain.errors.stack import Frame, own_frames
from engine.explain.rules.formula import numbers
from engine.explain.rules.table import rule_for
from engine.program.source import source_of
from engine.reading.gradient_sum import adds_up
from engine.reading.predicates import is_finite
from engine.reading.replay import Arrival, has_start
from graphviz_tools.graph.labels import elided, tensor_text
from graphviz_tools.graph.leaves import is_leaf_node
from graphviz_tools.graph.views import words
from graphviz_tools.payload import Block, Row, RuleBlock, ShownStep, TextBlock, ValuesBlock
from graphviz_tools.story.blocks import arrives_block, by_input_nr, fate_of_saved, leaves_block, saved_block
from graphviz_tools.story.context import Stage
from graphviz_tools.story.findings import overwritten_blocks, true_row
from graphviz_tools.story.step_context import Told

MOST_JUDGED = 1_000  # gradients looked at for what the end of a run says
MAX_CODE = 48  # characters of a line of the program
MAX_ROWS = 12  # gradients listed at the end of a run; every leaf has its own card


def run_started_step(stage: Stage, number: int, told: Told) -> ShownStep:
    _ = stage._
    run = stage.trace.runs[number]
    focus: str | None = None
    rows: list[Row] = []
    names: list[str] = []
    for root in run.roots[:MAX_ROWS]:
        name = tensor_text(stage.trace, root.tensor, _) if root.tensor is not None else _("root")
        names.append(name)
        focus = focus or (stage.vertex_of_tensor.get(root.tensor) if root.tensor is not None else None)
        rows.append(_start_row(stage, root, name))
    if run.kind == "grad":
        inputs = ", ".join(tensor_text(stage.trace, tensor, _) for tensor in (run.inputs or ())[:MAX_ROWS])
        headline = f"torch.autograd.grad({', '.join(names)}, {inputs})"
        text = _("The gradients are given back; nothing is written into .grad.")
    else:
        headline = _backward_text(stage, number, names)
        text = _("Backward starts at the root and walks the graph towards the leaves.")
        if any(root.gradient is not None for root in run.roots):
            text = _(
                "Backward starts with the gradient that the program gives it and walks the graph towards the leaves."
            )
    blocks = (TextBlock(text), ValuesBlock(_("starts with"), tuple(rows)) if rows else None, _flags(stage, number))
    return told.step(headline, focus, *blocks)


def _backward_text(stage: Stage, number: int, names: Sequence[str]) -> str:
    """As the program writes it: "y.backward(gradient=v)"."""
    run = stage.trace.runs[number]
    written = source_of(stage.trace.program.source).call_on_line(run.line, "backward")
    if written is not None and (written.function == "torch.autograd.backward" or len(names) != 1):
        return f"{written.function}({written.arguments})"
    if len(names) != 1:
        return stage._("backward from {n} roots").format(n=len(names))
    unread = "gradient=…" if run.roots[0].gradient is not None else ""
    return f"{names[0]}.backward({unread if written is None else written.arguments})"


def _flags(stage: Stage, number: int) -> TextBlock | None:
    run, _ = stage.trace.runs[number], stage._
    if run.create_graph:
        return TextBlock(_("create_graph=True: this backward pass builds a graph of its own."), "note")
    if run.retain_graph:
        return TextBlock(_("retain_graph=True: saved tensors are kept for another backward."), "note")
    return None


def _start_row(stage: Stage, root: Root, name: str) -> Row:
    """The gradient a root starts with: the one given, 1 for a single element, else none."""
    _ = stage._
    if root.gradient is not None:
        return Row("gradient", stage.table.ref(root.gradient))
    if not has_start(root):
        return Row("gradient", stage.table.ref(None), _("not a scalar: backward has to be told gradient=..."))
    return Row(f"∂{name}/∂{name}", stage.table.ref(_implicit_one(root.value)), _("a scalar starts with 1"))


def _implicit_one(value: Value | None) -> Value:
    return Value((), value.dtype if value is not None else "float32", (1.0,))


def node_step(stage: Stage, step: NodeRanStep, arrivals: Sequence[Arrival], told: Told) -> ShownStep:
    _ = stage._
    record, run = stage.trace.nodes[step.node], stage.trace.runs[step.run]
    rule = rule_for(record.name)
    focus = stage.vertex_of_node.get(step.node)
    if is_leaf_node(stage.trace, step.node):
        headline = _("a gradient arrives at {name}").format(name=words.leaf_name(stage.trace, step.node, _))
        sentence = RuleBlock(_(rule.sentence))
        return told.step(
            headline, focus, sentence, arrives_block(stage, step, arrivals), _hooked(stage, step, arrivals)
        )
    formulas = numbers(rule, record, step.grad_outputs, step.grad_inputs, stage.trace)
    return told.step(
        _("{node} runs").format(node=record.name),
        focus,
        RuleBlock(_(rule.sentence), formulas),
        arrives_block(stage, step, arrivals),
        _hooked(stage, step, arrivals),
        *overwritten_blocks(stage, step.run, step.node),
        saved_block(stage, record, _("uses what was saved"), fate_of_saved(stage, run)),
        leaves_block(stage, record, step.grad_inputs),
    )


def _hooked(stage: Stage, step: NodeRanStep, arrivals: Sequence[Arrival]) -> TextBlock | None:
    """A word where the node was given something else than what arrived: a hook of the program changed it."""
    by_input = by_input_nr(arrivals)
    for number, total in enumerate(step.grad_outputs):
        if adds_up(by_input.get(number, []), total) is False:
            text = stage._("A hook of the program changed what arrived before the node ran.")
            return TextBlock(text, "note", stage._("hook"))
    return None


def accumulated_step(stage: Stage, step: AccumulatedStep, told: Told) -> ShownStep:
    _ = stage._
    name = tensor_text(stage.trace, step.tensor, _)
    grad = f"{name}.grad"
    focus = stage.vertex_of_node.get(step.node) if step.node is not None else stage.vertex_of_tensor.get(step.tensor)
    before = Row(_("before"), stage.table.ref(step.before))
    after = Row(_("after"), stage.table.ref(step.after), sign="=")
    if step.node is None:
        headline = _("{grad} is kept").format(grad=grad)
        text = TextBlock(_("{name} is no leaf, but retain_grad() was called: its gradient is kept.").format(name=name))
    elif step.before is None:
        headline = _("{grad} is written").format(grad=grad)
        text = TextBlock(_("{grad} was None, so what arrived becomes {grad}.").format(grad=grad), "good")
    else:
        headline = _("{grad} grows").format(grad=grad)
        words_ = _(
            "{grad} had a value already, so what arrived is added to it. zero_grad() or {grad} = None starts afresh."
        )
        text = TextBlock(words_.format(grad=grad), "note")
    right = true_row(stage, step.run, step.tensor) if step.node is not None else None
    return told.step(
        headline, focus, text, ValuesBlock(grad, (before, after) if right is None else (before, after, right))
    )


def run_ended_step(stage: Stage, step: RunEndedStep, told: Told) -> ShownStep:
    _ = stage._
    run = stage.trace.runs[step.run]
    if not step.completed:
        focus = stage.vertex_of_node.get(step.failed_node) if step.failed_node is not None else None
        headline = _("backward stops with an error")
        if step.failed_node is not None:
            headline = _("{node} fails").format(node=stage.trace.nodes[step.failed_node].name)
        return told.step(headline, focus, TextBlock(step.error or "", "error"), *_kept_by_failed(stage, step))
    given = zip(run.inputs or (), step.returned) if run.kind == "grad" else stage.written_by.get(step.run, {}).items()
    rows: list[Row] = []
    is_wrong = is_broken = False
    for tensor, value in islice(given, MOST_JUDGED):
        is_broken |= value is not None and is_finite(value) is False
        name = tensor_text(stage.trace, tensor, _) + ("" if run.kind == "grad" else ".grad")
        rows.append(Row(name, stage.table.ref(value), vertex=stage.vertex_of_tensor.get(tensor)))
        right = true_row(stage, step.run, tensor)
        if right is not None:
            is_wrong = True
            rows.append(right)
    title = _("gives back") if run.kind == "grad" else _("the gradients now")
    block = ValuesBlock(title, tuple(rows[:MAX_ROWS])) if rows else None
    text = _("Every node on the way has run. The leaves keep their gradients in .grad.")
    if run.kind == "grad":
        text = _("Every node on the way has run. The gradients are given back.")
    said = TextBlock(text, "good")
    if is_wrong:
        said = TextBlock(
            _("Every node has run, but on numbers that had been overwritten: the gradients are wrong."), "error"
        )
    elif is_broken:
        said = TextBlock(_("Every node on the way has run, but a gradient came out as NaN or ∞."), "error")
    return told.step(_("backward is done"), None, said, block)


def _kept_by_failed(stage: Stage, step: RunEndedStep) -> Iterator[Block | None]:
    if step.failed_node is not None:
        yield from overwritten_blocks(stage, step.run, step.failed_node)
        yield saved_block(stage, stage.trace.nodes[step.failed_node], stage._("saved when the node was made"))


def grad_set_step(stage: Stage, step: GradSetStep, told: Told) -> ShownStep:
    _ = stage._
    grad = f"{tensor_text(stage.trace, step.tensor, _)}.grad"
    focus = stage.vertex_of_tensor.get(step.tensor)
    if step.line is None:  # the recorder was off for a while
        row = Row(_("now"), stage.table.ref(step.after))
        headline = _("{grad} after steps that were not recorded").format(grad=grad)
        text = TextBlock(
            _("Steps were left out before this one. This is what {grad} had become.").format(grad=grad), "note"
        )
        return told.step(headline, focus, text, ValuesBlock(grad, (row,)))
    headline = f"{grad} = None" if step.after is None else _("{grad} is set").format(grad=grad)
    text = _("The program itself puts a gradient here; what the next backward brings is added to it.")
    if step.after is None:
        text = _("The old gradient is gone: the next backward writes {grad} afresh instead of adding to it.")
    rows = (Row(_("before"), stage.table.ref(step.before)), Row(_("after"), stage.table.ref(step.after), sign="="))
    return told.step(headline, focus, TextBlock(text.format(grad=grad)), ValuesBlock(grad, rows))


def _frame_text(stage: Stage, frame: Frame) -> str:
    where = stage._("line {line}").format(line=frame.line)
    return where if frame.function == "<module>" else f"{where}, {elided(frame.function)}()"


def failed_step(stage: Stage, told: Told) -> ShownStep:
    """The last step of a program that failed: what the error means and what cures it, then PyTorch's own words."""
    _ = stage._
    failure = stage.trace.failure
    blocks: list[Block] = []
    if is_asked_for(stage.trace):
        text = " ".join(stage.explanation or ())
        return told.step(_("stopped on request"), None, TextBlock(text, "note"), phase="end")
    if stage.explanation is not None:
        meaning, cure = stage.explanation
        blocks = [TextBlock(meaning, "error", _("what it means")), TextBlock(cure, "good", _("what to do"))]
    if failure is not None:
        title = (
            _("{type} on line {line}").format(type=failure.type, line=failure.line) if failure.line else failure.type
        )
        blocks.append(TextBlock(failure.message, "", title))
    frames = own_frames(stage.trace)
    if len(frames) > 1:
        rows = tuple(Row(_frame_text(stage, frame), note=elided(frame.text, MAX_CODE)) for frame in frames)
        blocks.append(ValuesBlock(_("the calls that led here"), rows))
    focus = stage.vertex_of_node.get(failure.node) if failure is not None and failure.node is not None else None
    headline = failure.type if failure is not None else _("the program ended early")
    return told.step(headline, focus, *blocks, phase="end")
