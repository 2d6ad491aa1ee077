"""Which torch calls the recorder looks at, hides, or treats in a way of their own.

The function mode sees every overridable function, helpers included. The rule is short: a call is
recorded when it returns a tensor, changes one, or takes a plain number or array out of one. What is
listed here is only what the rule would get wrong or what must be quick.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import Any, Literal

import torch

from engine.contract.trace import Cut

Treatment = Literal["record", "hide", "backward", "grad", "retain_grad", "grad_assigned", "grad_read"]

# Attributes that give a tensor of the program; every other attribute read (shape, dtype, is_leaf,
# grad, grad_fn, requires_grad ...) is only a look and is hidden.
ATTRIBUTES_THAT_MAKE_TENSORS = {"data", "T", "mT", "H", "mH", "real", "imag"}

# Looks that return plain values, or text made by printing.
HIDDEN = {
    "size",
    "dim",
    "ndimension",
    "numel",
    "nelement",
    "stride",
    "storage_offset",
    "element_size",
    "data_ptr",
    "untyped_storage",
    "storage",
    "storage_type",
    "type",
    "get_device",
    "is_contiguous",
    "is_floating_point",
    "is_complex",
    "is_signed",
    "is_pinned",
    "is_shared",
    "is_inference",
    "is_conj",
    "is_neg",
    "is_same_size",
    "is_set_to",
    "__len__",
    "__repr__",
    "__str__",
    "__format__",
    "__hash__",
    "__bool__",
    "__index__",
    "__contains__",
    "__dir__",
    "__reduce_ex__",
    "__reduce__",
    "__deepcopy__",
    "__setstate__",
    "_is_view",
    "register_hook",
    "register_post_accumulate_grad_hook",
    "_set_grad_enabled",
    "manual_seed",
    "seed",
    "get_default_device",
    "set_printoptions",
    "_record_function_enter_new",
    "_RecordFunction",
    "is_tensor",
    "is_storage",
    "equal",
    "allclose",
    "is_grad_enabled",
    "get_default_dtype",
    "promote_types",
    "result_type",
    "can_cast",
    "broadcast_shapes",
    "dim_order",
    "has_names",
    "resolve_conj",
    "resolve_neg",
    "_has_compatible_shallow_copy_type",
    "_assert_async",
    "__dlpack_device__",
}

# Calls whose result has left the graph, and how it left.
CUTS: dict[str, Cut] = {
    "detach": "detach",
    "detach_": "detach",
    "data": "data",
    "item": "item",
    "__float__": "item",
    "__int__": "item",
    "__complex__": "item",
    "tolist": "tolist",
    "numpy": "numpy",
    "__array__": "numpy",
    "tensor": "new_tensor",
    "as_tensor": "new_tensor",
    "new_tensor": "new_tensor",
}


# Looks that give away the address of the memory.
GIVE_MEMORY = {"data_ptr", "untyped_storage", "storage"}

# Tensors made on memory that somebody else holds.
ON_FOREIGN_MEMORY = {"from_numpy", "as_tensor", "asarray", "frombuffer", "from_dlpack", "__dlpack__"}


@cache
def full_name(func: Any) -> str:
    """The function's full name: ``torch.Tensor.mul``, ``torch.nn.functional.linear``, ``Tensor.data.__get__``."""
    described = getattr(func, "__self__", None)
    if type(func).__name__ == "method-wrapper" and hasattr(described, "__objclass__"):
        return f"torch.Tensor.{described.__name__}.{func.__name__}"  # type: ignore[union-attr]
    if hasattr(func, "__objclass__"):
        return f"torch.Tensor.{func.__name__}"
    module = getattr(func, "__module__", None) or "torch"
    module = {"torch._tensor": "torch.Tensor", "torch._C._nn": "torch.nn.functional"}.get(module, module)
    name = getattr(func, "__qualname__", None) or getattr(func, "__name__", None) or repr(func)
    return f"{module}.{name.rpartition('.')[2]}"


@cache
def short_name(func: Any) -> str:
    """The word for a call in one line: ``mul``, ``linear``, ``data``."""
    parts = full_name(func).split(".")
    return parts[-2] if parts[-1] in ("__get__", "__set__", "__delete__") else parts[-1]


@cache
def defaults_of(func: Any) -> dict[str, Any]:
    """The plain defaults of a Python function's parameters by name; {} for others."""
    if type(func) is not FunctionType:
        return {}
    names, defaults = func.__code__.co_varnames[: func.__code__.co_argcount], func.__defaults__ or ()
    return dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)) | (func.__kwdefaults__ or {})


@cache
def treatment(func: Any) -> Treatment:
    """How the recorder treats a call of ``func``."""
    if func in (torch.Tensor.backward, torch.autograd.backward):
        return "backward"
    if func is torch.autograd.grad:
        return "grad"
    full, short = full_name(func), short_name(func)
    if full.endswith((".__set__", ".__delete__")):
        if short.startswith("_"):
            return "hide"  # torch's own, some while it holds the tensor's lock: looking at it would wait for ever
        return "grad_assigned" if short == "grad" else "record"
    if full.endswith(".__get__"):
        if short == "grad":
            return "grad_read"
        return "record" if short in ATTRIBUTES_THAT_MAKE_TENSORS else "hide"
    if short == "retain_grad":
        return "retain_grad"
    return "hide" if short in HIDDEN else "record"


@cache
def shares_memory(func: Any) -> bool:
    """Whether others can write to a tensor's memory after this call: to its argument's, or to its result's."""
    return CUTS.get(short_name(func)) == "numpy" or short_name(func) in GIVE_MEMORY | ON_FOREIGN_MEMORY


def cut_of(func: Any) -> Cut | None:
    """How a call of ``func`` takes its result out of the graph, None when it does not."""
    return CUTS.get(short_name(func))
