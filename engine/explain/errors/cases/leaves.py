"""Errors about leaves, flags, views, .grad and leaving the graph."""

from __future__ import annotations

import re

from engine.contract.trace import Failure, Trace
from engine.explain.errors.explanation import Case, Explanation, clever, plain, said
from engine.reading.operands import names_on_line
from engine.text.language import N_


def _leaf_in_place(trace: Trace, failure: Failure, match: re.Match[str]) -> Explanation:
    leaf = next((tensor.name for tensor in names_on_line(trace, failure.line)), None)
    cure = N_(
        "To update a weight, write the change inside `with torch.no_grad():`. To calculate with changed "
        "values, make a new tensor instead, or change a clone."
    )
    if leaf is None:
        return said(
            N_(
                "A leaf that requires grad may not be changed in place while operations are recorded: its old "
                "value is the one gradients are asked for."
            ),
            cure,
        )
    if match["view"]:
        return said(
            N_(
                "This writes into a part of `{tensor}`, a leaf that requires grad. It may not be changed in place "
                "while operations are recorded: its old value is the one gradients are asked for."
            ),
            cure,
            tensor=leaf,
        )
    return said(
        N_(
            "`{tensor}` is a leaf that requires grad. It may not be changed in place while operations are "
            "recorded: its old value is the one gradients are asked for."
        ),
        cure,
        tensor=leaf,
    )


def _numpy(trace: Trace, failure: Failure, _match: re.Match[str]) -> Explanation:
    name = next((tensor.name for tensor in names_on_line(trace, failure.line)), None) or "x"
    return said(
        N_("NumPy records nothing, so PyTorch wants it said plainly that `{tensor}` leaves the graph here."),
        N_(
            "Write `{tensor}.detach().numpy()`. The array shares its memory with the tensor: copy it before "
            "changing it, `{tensor}.detach().numpy().copy()`."
        ),
        tensor=name,
    )


def _none_grad(_trace: Trace, _failure: Failure, match: re.Match[str]) -> Explanation:
    return said(
        N_(
            "Something is None here and has no `{attribute}`. With `.grad` that means: no gradient has been "
            "calculated yet, the tensor is no leaf, or backward did not reach it."
        ),
        N_(
            "Call backward first, and check that the loss depends on this tensor and that it requires grad. "
            "`optimizer.zero_grad()` and `if p.grad is not None` are safe before the first backward."
        ),
        attribute=match["attribute"],
    )


CASES: tuple[Case, ...] = (
    clever(
        "RuntimeError",
        r"a (?P<view>view of a )?leaf Variable that requires grad (?:is being used in an in-place|has been "
        r"used in an in-place)",
        _leaf_in_place,
    ),
    clever("RuntimeError", r"Can't call numpy\(\) on (?:Tensor|Variable) that requires grad", _numpy),
    clever(
        "AttributeError",
        r"'NoneType' object has no attribute '(?P<attribute>zero_|data|add_|mul_|norm|clone|item|shape|detach_?)'",
        _none_grad,
    ),
    plain(
        "RuntimeError",
        r"[Oo]nly Tensors of floating point (?:and complex )?dtype can require gradients",
        N_(
            "A derivative asks what a very small change does, and this tensor can have none: only floating "
            "point and complex numbers can require grad."
        ),
        N_(
            "Write the numbers with a decimal point, `1.` instead of `1`, or give `dtype=torch.float32`, or "
            "convert with `.float()` before asking for gradients."
        ),
    ),
    plain(
        "RuntimeError",
        r"a Tensor with (?P<n>\d+) elements cannot be converted to Scalar",
        N_("`item()` gives one plain number, but this tensor has {n} elements."),
        N_("Reduce it first (`.sum()`, `.mean()`), pick one element, or use `tolist()` for all of them."),
    ),
    plain(
        "ValueError RuntimeError TypeError",
        r"only one element tensors can be converted to Python scalars|only (?:length-1|0-dimensional|"
        r"size-1) arrays can be converted",
        N_("A single plain number is wanted here, but the tensor has several elements."),
        N_("Reduce it first (`.sum()`, `.mean()`), pick one element, or use `tolist()` for all of them."),
    ),
    plain(
        "RuntimeError",
        r"can't retain_grad on Tensor that has requires_grad=False",
        N_("This tensor does not require grad, so there will be no gradient to keep."),
        N_("Let it depend on a tensor with `requires_grad=True`, calculated outside `no_grad`."),
    ),
    plain(
        "RuntimeError",
        r"only change requires_grad flags of leaf variables",
        N_(
            "This tensor is the result of a calculation. Whether it requires grad follows from what it was "
            "calculated from."
        ),
        N_("Set the flag on the leaves before the calculation, or take a `detach()`ed tensor."),
    ),
    plain(
        "RuntimeError",
        r"Only Tensors created explicitly by the user .*support the deepcopy protocol",
        N_("A tensor inside a graph cannot be deep-copied: its history would have to be copied, too."),
        N_("Copy `{this}.detach().clone()` instead, or deep-copy before calculating."),
    ),
    plain(
        "RuntimeError",
        r"Inference tensors cannot be saved for backward|Inplace update to inference tensor",
        N_(
            "This tensor was made in `torch.inference_mode()`, where PyTorch gives up version counting for "
            "speed; autograd cannot use it."
        ),
        N_("Use `torch.no_grad()` instead of `torch.inference_mode()`, or continue with a `clone()` made outside."),
    ),
    plain(
        "RuntimeError",
        r"is a view and is being modified inplace.*returns multiple views",
        N_(
            "This tensor is one of several views made together (unbind, split, chunk). Changing one of them in "
            "place cannot be recorded."
        ),
        N_("Make a new tensor instead of changing this one, or take the part by indexing."),
    ),
    plain(
        "RuntimeError",
        r"view was created in (?:no_grad|inference) mode and is being modified inplace",
        N_("The view was made without recording and is changed with recording on: it is not clear what is meant."),
        N_("Put both into `with torch.no_grad():`, or neither."),
    ),
    plain(
        "RuntimeError",
        r"more than one element of the written-to tensor refers to a single memory location",
        N_(
            "The tensor was expanded: several of its elements are the same place in memory, so they cannot be "
            "written separately."
        ),
        N_("Write to a copy: `{this}.clone()`."),
    ),
    plain(
        "RuntimeError",
        r"attempting to assign a gradient of size '(?P<have>.*?)' to a tensor of size '(?P<want>.*?)'",
        N_("The gradient assigned to `.grad` has the shape {have}, the tensor {want}. They must be equal."),
        N_("Assign a gradient of the shape {want}, or None to clear it."),
    ),
    plain(
        "RuntimeError TypeError",
        r"attempting to assign a gradient with dtype|assigned grad has data of a different type",
        N_("The gradient assigned to `.grad` has another dtype than the tensor."),
        N_("Convert it first, with `.to({this}.dtype)`."),
    ),
    plain(
        "ValueError",
        r"can't optimize a non-leaf Tensor",
        N_(
            "An optimizer changes leaves only, and this tensor is the result of a calculation. `.to(device)`, "
            "`.double()` and `* 0.1` make such results, too."
        ),
        N_("Make the leaf last: `{this} = (...).requires_grad_()`."),
    ),
    plain(
        "ValueError",
        r"optimizer got an empty parameter list",
        N_(
            "The optimizer was given nothing to optimise. `model.parameters()` is an iterator: it is empty "
            "after it was used once, and it finds only layers that are attributes of the module."
        ),
        N_("Pass `model.parameters()` freshly, and keep lists of layers in `nn.ModuleList`."),
    ),
)
