# pyright: reportAttributeAccessIssue=false, reportReturnType=false, reportPrivateImportUsage=false
"""Private names of torch, all in one place, each with a fall-back.

Nothing else in the project touches ``_saved_*``, ``_version``, ``_sequence_nr`` or ``torch._C``.
Checked on torch 2.13. Every function here must be called with the recorder's mode off (inside
:func:`unseen`, or in the mode's own handler).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._device import DeviceContext
from torch.utils._python_dispatch import _disable_current_modes

SEQUENCE_NR_OF_ACCUMULATE_GRAD = 2**64 - 1
HUGE = 2**63  # unsigned C++ dims: 2**64 - 1 means -1


@contextmanager
def unseen() -> Iterator[None]:
    """Look at tensors without being seen: no autograd nodes, no tensor subclass, no user's mode."""
    with ExitStack() as stack:
        stack.enter_context(torch._C.DisableTorchFunction())
        if torch._C._len_torch_dispatch_stack():
            stack.enter_context(_disable_current_modes())
        tracing = torch._C._get_tracing_state()
        if tracing is not None:  # torch.jit.trace would write our looks into its graph, and sizes would be tensors
            torch._C._set_tracing_state(None)
            stack.callback(torch._C._set_tracing_state, tracing)
        enabled = torch.is_grad_enabled()
        torch._C._set_grad_enabled(False)
        stack.callback(torch._C._set_grad_enabled, enabled)
        yield


def n_modes() -> int:
    """How many modes of the program would see a torch call made now."""
    return torch._C._len_torch_function_stack() + torch._C._len_torch_dispatch_stack()


n_dispatch_modes = torch._C._len_torch_dispatch_stack


def graph_task() -> int:
    """The engine's number of the backward run that this hook runs in; -1: in none."""
    return torch._C._current_graph_task_id()


def drop_empty_hooks(leaf: torch.Tensor) -> None:
    """Where the last hook of a leaf was removed, take the empty table off, too.

    With it goes PyTorch's half of a plain hook. Its half of a post-accumulate hook stays, and is called in vain.
    """
    if leaf._backward_hooks is not None and not leaf._backward_hooks:
        leaf._backward_hooks = None
    if leaf._post_accumulate_grad_hooks is not None and not leaf._post_accumulate_grad_hooks:
        leaf._post_accumulate_grad_hooks = None


def has_written_hooks(leaf: torch.Tensor) -> bool:
    """Whether the program hears when this leaf's gradient has been written."""
    return bool(leaf._post_accumulate_grad_hooks)


def has_device_threads() -> bool:
    """Whether the engine may run nodes in threads of devices, beside the one that called it."""
    return torch.cuda.is_initialized() or torch.xpu.is_initialized() or torch.backends.mps.is_available()


def at_end_of_run(act: Callable[[], None]) -> None:
    """Call ``act`` when the backward run that this hook runs in has given all its gradients."""
    torch.autograd.Variable._execution_engine.queue_callback(act)


def put_mode_on(mode: TorchFunctionMode) -> None:
    """Put a function mode below all others of the program, as if it had been there from the start."""
    above: list[Any] = []
    while torch._C._len_torch_function_stack():
        above.append(torch._C._pop_torch_function_stack())
    devices = [one for one in above if isinstance(one, DeviceContext)]  # expect to be at the very bottom
    others = [one for one in above if not isinstance(one, DeviceContext)]
    for one in (*reversed(devices), mode, *reversed(others)):
        torch._C._push_on_torch_function_stack(one)


def take_mode_off(mode: TorchFunctionMode) -> None:
    """Take a function mode off, wherever on the stack it is."""
    above: list[Any] = []
    while torch._C._len_torch_function_stack():
        above.append(torch._C._pop_torch_function_stack())
    for one in reversed(above):
        if one is not mode:
            torch._C._push_on_torch_function_stack(one)


def sequence_nr() -> int:
    """The sequence number the next node made in this thread gets."""
    return torch._C._autograd._get_sequence_nr()


def node_sequence_nr(node: Any) -> int | None:
    """A node's sequence number; None for AccumulateGrad, whose 2**64 - 1 is no position in time."""
    number = node._sequence_nr()
    return None if number == SEQUENCE_NR_OF_ACCUMULATE_GRAD else number


def node_name(node: Any) -> str:
    """The node's type name: ``MulBackward0``, ``AccumulateGrad``, ``MyFunctionBackward``."""
    return type(node).__name__


def is_custom(node: Any) -> bool:
    """Whether the node comes from a Python ``torch.autograd.Function``."""
    return isinstance(node, torch.autograd.function.BackwardCFunction)


def output_shapes(node: Any) -> tuple[tuple[int, ...], ...]:
    """Shapes of the forward outputs of the node, () when torch does not tell."""
    try:
        return tuple(tuple(int(n) for n in m.shape) for m in node._input_metadata)
    except (RuntimeError, TypeError, AttributeError):
        return ()


@cache
def saved_names(node_type: type) -> tuple[str, ...]:
    """Names of the ``_saved_*`` attributes of a node type, in order."""
    return tuple(sorted(name for name in dir(node_type) if name.startswith("_saved_")))


def read_saved(node: Any, attribute: str, position: int | None) -> torch.Tensor | None:
    """A saved tensor as backward would get it now. Raises: RuntimeError when it is freed or overwritten."""
    content = getattr(node, attribute)
    if position is not None and isinstance(content, (tuple, list)):
        content = content[position] if position < len(content) else None
    return content if isinstance(content, torch.Tensor) else None


def set_version(tensor: torch.Tensor, number: int) -> None:
    """Put the version counter of a tensor, and of all that share it, to ``number``."""
    torch._C._autograd._unsafe_set_version_counter((tensor,), (number,))


def saved_tensors_hooks_active() -> bool:
    """Whether user hooks pack saved tensors now: reading one would call the user's unpack hook."""
    try:
        return torch._C._autograd._top_saved_tensors_default_hooks(False) is not None
    except (RuntimeError, AttributeError):
        return True


def shape_of(tensor: torch.Tensor) -> tuple[int, ...]:
    """The shape; () for tensors that have none of their own: nested ones, of symbolic sizes, of lazy modules."""
    try:
        shape = () if tensor.is_nested else tuple(tensor.shape)
    except (RuntimeError, TypeError):
        return ()
    return shape if all(type(size) is int for size in shape) else ()


def grad_fn_of(tensor: torch.Tensor) -> Any:
    """The node that made the tensor; None for a leaf, and for a view whose node torch refuses to make."""
    try:
        return tensor.grad_fn
    except RuntimeError:  # a view made under no_grad of a leaf, changed in place since
        return None


def is_leaf(tensor: torch.Tensor) -> bool:
    """Whether it is a leaf; False for a view of which torch refuses to tell."""
    try:
        return tensor.is_leaf
    except RuntimeError:
        return False


def version(tensor: torch.Tensor) -> int:
    """The version counter; 0 for inference tensors, which have none."""
    try:
        return tensor._version
    except RuntimeError:
        return 0


def base_of(tensor: torch.Tensor) -> torch.Tensor | None:
    """The tensor that ``tensor`` is a view of, None for no view."""
    try:
        return tensor._base
    except RuntimeError:
        return None


def is_wrapped_by_functorch(tensor: torch.Tensor) -> bool:
    """Whether vmap, grad or jvp wraps the tensor, so that its content cannot be read."""
    return bool(torch._C._functorch.is_functorch_wrapped_tensor(tensor))


def has_own_dispatch(tensor: torch.Tensor) -> bool:
    """Whether a subclass would see (and could change) any operation on the tensor."""
    kind = type(tensor)
    if kind is torch.Tensor or kind is torch.nn.Parameter:
        return False
    return getattr(kind, "__torch_dispatch__", None) is not torch.Tensor.__torch_dispatch__


def unreadable(tensor: torch.Tensor) -> str | None:
    """Why the content cannot be looked at; None when it can. To be asked before every look: torch itself crashes
    at memory that is not there."""
    if is_wrapped_by_functorch(tensor):
        return "inside a torch.func transform"
    if torch._is_functional_tensor(tensor):
        return "inside functionalization: it has no memory of its own"
    if has_own_dispatch(tensor):
        return f"{type(tensor).__name__} decides itself what may be read"
    if tensor.is_nested:
        return "nested tensor: a list of tensors of several shapes"
    if tensor.is_meta:
        return "meta tensor: it has a shape but no content"
    if tensor._is_zerotensor():
        return "zero tensor of forward-mode AD: it has no memory"
    if tensor.layout is torch.strided and not _has_memory(tensor):
        return "its memory was given back"
    return None


def _has_memory(tensor: torch.Tensor) -> bool:
    """Whether a strided tensor's elements all lie within its storage."""
    try:
        n = tensor.numel()
        if n == 0:
            return True
        storage = tensor.untyped_storage()
        last = tensor.storage_offset() + sum((size - 1) * step for size, step in zip(tensor.shape, tensor.stride()))
        return (last + 1) * tensor.element_size() <= storage.nbytes() and storage.data_ptr() != 0
    except (NotImplementedError, RuntimeError):
        return True  # of a backend of its own: what reads it will say why it cannot


def storage_weak_ref(tensor: torch.Tensor) -> tuple[int, int, int] | None:
    """(key, weak reference, bytes) of the tensor's storage; None when it has none to point at."""
    try:
        storage = tensor.untyped_storage()
        return storage._cdata, storage._weak_ref(), storage.nbytes()
    except (NotImplementedError, RuntimeError):
        return None


def storage_of_weak_ref(reference: int) -> torch.UntypedStorage | None:
    """The storage behind a reference from :func:`storage_weak_ref`, None when nobody holds it any more."""
    return torch.UntypedStorage._new_with_weak_ptr(reference)


def free_storage_weak_ref(reference: int) -> None:
    """Give back a reference from :func:`storage_weak_ref`."""
    torch.UntypedStorage._free_weak_ref(reference)


def is_foreign_memory(tensor: torch.Tensor) -> bool:
    """Whether NumPy or others hold the tensor's memory too: torch marks such a storage as not resizable."""
    try:
        return not tensor.untyped_storage().resizable()
    except (NotImplementedError, RuntimeError):
        return False


def as_array(tensor: torch.Tensor) -> np.ndarray:
    """A strided CPU tensor's memory as an array, without a copy.

    Not by ``tensor.numpy()``: that marks the storage as not resizable for good, and the program's ``resize_`` raises.
    """
    return np.from_dlpack(tensor)  # type: ignore[arg-type]


def storage_key(tensor: torch.Tensor) -> int | None:
    """The storage's identity for as long as somebody holds a weak reference to it."""
    try:
        return tensor.untyped_storage()._cdata
    except (NotImplementedError, RuntimeError):
        return None


def plain(number: Any) -> Any:
    """A saved attribute as a reader expects it: unsigned -1 becomes -1, nested in tuples too."""
    if isinstance(number, int) and not isinstance(number, bool) and number >= HUGE:
        return number - 2 * HUGE
    if isinstance(number, (tuple, list)):
        return type(number)(plain(n) for n in number)
    return number
