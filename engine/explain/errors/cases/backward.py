"""Errors of backward itself: freed graphs, overwritten saved tensors, gradients of the wrong shape."""

from __future__ import annotations

import re

from engine.contract.trace import Failure, Trace
from engine.explain.errors.cases import no_graph
from engine.explain.errors.explanation import Case, Explanation, clever, plain, said
from engine.explain.errors.freed import Again, freed
from engine.reading import clues
from engine.reading.naming import call_expression, called
from engine.reading.operands import out_of_place, unknown
from engine.text.language import N_
from engine.text.quoting import quoted


def _in_place(trace: Trace, failure: Failure, match: re.Match[str]) -> Explanation:
    found, expected = match["found"], match["expected"]
    write = clues.written(trace, failure, int(expected))
    if write is None:
        node = trace.nodes[failure.node].name if failure.node is not None else None
        return _in_place_by_unknown(node, found, expected)
    values = {
        "tensor": write.name,
        "line": write.call.line or "?",
        "call": call_expression(trace, write.call, unknown) if write.call.name.startswith("__") else write.call.name,
        "node": write.node.name,
        "found": found,
        "expected": expected,
    }
    instead = out_of_place(trace, write.call)
    if write.call.name.endswith(".step"):
        return said(
            N_(
                "The optimizer's step on line {line} changed `{tensor}` in place. {node} had saved it at version "
                "{expected} and found version {found}: the old numbers its gradient needs are gone."
            ),
            N_("Run every backward of this graph before the step, or calculate the loss again after it."),
            **values,
        )
    if write.writes != write.name:
        return said(
            N_(
                "`{call}` on line {line} wrote to `{writes}`, which shares its storage with `{tensor}`. {node} had "
                "saved `{tensor}` at version {expected} and found version {found}: the old numbers its gradient "
                "needs are gone."
            ),
            N_(
                "Change a copy, `{tensor}.clone()`, or make a new tensor instead of writing into this one. Going "
                "through `.data` would only silence the error: the gradient would be wrong."
            ),
            **values,
            writes=write.writes,
        )
    return said(
        N_(
            "`{call}` on line {line} changed `{tensor}` in place. {node} had saved it at version {expected} "
            "and found version {found}: the old numbers its gradient needs are gone."
        ),
        NEW_TENSOR if instead else COPY,
        **values,
        **instead,
    )


NEW_TENSOR = N_(
    "Make a new tensor, `{new}` in place of `{written}`, or change a copy, `{tensor}.clone()`. Going through `.data` "
    "would only silence the error: the gradient would be wrong."
)
COPY = N_(
    "Change a copy, `{tensor}.clone()`, instead of `{tensor}` itself. Going through `.data` would only silence the "
    "error: the gradient would be wrong."
)


def _in_place_by_unknown(node: str | None, found: str, expected: str) -> Explanation:
    cure = N_(
        "Look for operations that change a tensor after it was used: names with a trailing underscore, "
        "`+=`, assignment to an index, an optimizer's step. Make a new tensor there, or change a clone."
    )
    if node is None:
        return said(
            N_(
                "A tensor that backward needs was saved at version {expected} and has version {found} now: it was "
                "changed in place, and the old numbers are gone."
            ),
            cure,
            found=found,
            expected=expected,
        )
    return said(
        N_(
            "{node} saved a tensor at version {expected} and found version {found}: it was changed in place, "
            "and the old numbers its gradient needs are gone."
        ),
        cure,
        node=node,
        found=found,
        expected=expected,
    )


_AGAIN: dict[Again, tuple[str, str]] = {
    "same_root": (
        N_(
            "This is the second backward from `{root}`. The first, on line {line}, freed what was saved for it "
            "({tensors})."
        ),
        N_(
            "If you want both, give the first backward `retain_graph=True`; their gradients add up. If not, leave one "
            "out, or calculate `{root}` anew before the second."
        ),
    ),
    "shared": (
        N_(
            "`{root}` shares a part of its graph with what the backward on line {line} started from. That one "
            "freed what "
            "was saved there ({tensors})."
        ),
        N_(
            "Add the losses up and call backward once, or give the backward on line {line} `retain_graph=True`: here "
            "the same graph is really wanted twice."
        ),
    ),
    "carried": (
        N_(
            "`{root}` was made of `{carrier}` of the round before, and through it leads back into that round's graph. "
            "The backward on line {line} freed what was saved there ({tensors})."
        ),
        N_(
            "Cut the rounds apart: `{carrier} = {carrier}.detach()` before the next round. `retain_graph=True` would "
            "only hide it: every round would go back through all rounds before, slower each time."
        ),
    ),
    "outside": (
        N_(
            "`{root}` was made of `{carrier}`, which was calculated once, on line {made}. The backward on line {line} "
            "went through that part of the graph and freed what was saved there ({tensors})."
        ),
        N_(
            "Calculate `{carrier}` anew before each backward: inside the loop. `retain_graph=True` would hide it; the "
            "values would be those of the first round."
        ),
    ),
}


def _second_backward(trace: Trace, failure: Failure, _match: re.Match[str]) -> Explanation:
    facts = freed(trace, failure.node)
    root = clues.failing_root(trace)
    if facts.again != "unknown" and facts.by is not None and root is not None:
        meaning, cure = _AGAIN[facts.again]
        named = ", ".join(quoted(name) for name in facts.tensors)
        return said(
            meaning,
            cure,
            root="…" if root.tensor is None else called(trace, root.tensor),
            line=facts.by.line or "?",
            tensors=named or _node_name(trace, failure) or "…",
            carrier="…" if facts.carrier is None else called(trace, facts.carrier),
            made=facts.line or "?",
        )
    return said(
        N_("Backward frees the saved tensors it has used. This part of the graph has been used already."),
        N_(
            "Usually something from an earlier round is used again: calculate the loss anew in each round, and "
            "`detach()` what is carried over. Only if you really want the same graph twice, give the first "
            "backward `retain_graph=True`."
        ),
    )


def _node_name(trace: Trace, failure: Failure) -> str | None:
    return None if failure.node is None else trace.nodes[failure.node].name


def _not_scalar(trace: Trace, _failure: Failure, _match: re.Match[str]) -> Explanation:
    cure = N_(
        "Reduce it to one number first, `{root}.sum()` or `{root}.mean()`, or say what to start with: "
        "`{root}.backward(gradient=torch.ones_like({root}))`."
    )
    root = clues.root_tensor(trace)
    if root is None:
        return said(
            N_(
                "Backward starts by itself only from a single real number; from several it would need to be told "
                "how much each one counts."
            ),
            cure,
            root="y",
        )
    return said(
        N_(
            "`{root}` has the shape {shape}. Backward starts by itself only from a single real number; from "
            "several it would need to be told how much each one counts."
        ),
        cure,
        root=root.name or "y",
        shape=root.shape,
    )


def _unused(trace: Trace, _failure: Failure, match: re.Match[str]) -> Explanation:
    inputs = trace.runs[-1].inputs if trace.runs else None
    index = int(match["index"] or -1)
    cure = N_("Check whether it should be used. If not, leave it out, or pass `allow_unused=True` and get None for it.")
    if inputs is None or not 0 <= index < len(inputs):
        return said(
            N_("The result does not depend on one of the tensors that gradients were asked for, so it has none."),
            cure,
        )
    return said(
        N_("The result does not depend on `{tensor}`, so it has no gradient."),
        cure,
        tensor=called(trace, inputs[index]),
    )


CASES: tuple[Case, ...] = (
    clever(
        "RuntimeError",
        r"modified by an inplace operation.*is at version (?P<found>\d+); expected version (?P<expected>\d+)",
        _in_place,
    ),
    clever(
        "RuntimeError",
        r"[Tt]rying to backward through the graph a second time|saved (tensors|intermediate results) "
        r"after they have already been freed",
        _second_backward,
    ),
    clever(
        "RuntimeError",
        r"does not require grad and does not have a grad_fn|No gradients? (?:can|to) be computed",
        no_graph.explain,
    ),
    clever("RuntimeError", r"grad can be (?:implicitly )?created only for (?:real )?scalar outputs", _not_scalar),
    clever(
        "RuntimeError",
        r"differentiated Tensors?(?: at index (?P<index>\d+))? appears? to not have been used",
        _unused,
    ),
    plain(
        "RuntimeError",
        r"Mismatch in shape: grad_output\[\d+\] has a shape of torch\.Size\((?P<have>.*?)\) and output\[\d+\] "
        r"has a shape of torch\.Size\((?P<want>.*?)\)",
        N_(
            "The gradient given to backward has the shape {have}, but the tensor it is for has the shape "
            "{want}: it needs one number for each element."
        ),
        N_("Give a gradient of the shape {want}."),
    ),
    plain(
        "RuntimeError",
        r"Function '(?P<node>\w+)' returned nan values",
        N_("{node} gave NaN as a gradient. Typical sources are a square root or a logarithm at 0, and 0/0."),
        N_(
            "Keep the input away from the critical point (`clamp`, a small epsilon) before this operation; "
            "masking the result afterwards does not help."
        ),
    ),
    plain(
        "RuntimeError",
        r"function (?P<node>\w+) returned an incorrect number of gradients "
        r"\(expected (?P<want>\d+), got (?P<have>\d+)\)",
        N_(
            "backward() of the custom Function behind {node} must return one gradient for every input of "
            "forward(): {want}, but it returned {have}."
        ),
        N_("Return None for inputs that need no gradient."),
    ),
    plain(
        "RuntimeError",
        r"[Ff]unction (?P<node>\w+) returned an invalid gradient at index (?P<index>\d+) - got (?P<have>\[.*?\]) "
        r"but expected shape compatible with (?P<want>\[.*?\])",
        N_("{node} returned a gradient of shape {have} for an input of shape {want}."),
        N_(
            "A gradient always has the shape of its input. Where forward() broadcast an input, sum over those "
            "dimensions."
        ),
    ),
    plain(
        "NotImplementedError",
        r"implement either the backward or vjp method",
        N_("This torch.autograd.Function has no backward(), so no gradient can pass through it."),
        N_("Add a static method `backward(ctx, grad_output)` that returns one gradient for every input of forward()."),
    ),
    plain(
        "RuntimeError NotImplementedError",
        r"derivative for '?(?P<operation>[\w:.]+)'? is not implemented",
        N_("PyTorch can calculate {operation} but has no derivative for it."),
        N_("Express it by other operations, or write a torch.autograd.Function with a backward of your own."),
    ),
    plain(
        "RuntimeError",
        r"`?inputs`? argument to `?backward\(\)`? cannot be empty",
        N_("backward() was told to calculate gradients for no tensor at all."),
        N_("Leave `inputs` out to reach all leaves, or name at least one tensor."),
    ),
)
