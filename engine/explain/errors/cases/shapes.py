"""Errors about shapes, dimensions, dtypes and devices."""

from __future__ import annotations

import re

from engine.contract.trace import Failure, Trace
from engine.explain.errors.explanation import Case, Explanation, clever, plain, said
from engine.reading.operands import UNKNOWN, operands_of_failure, with_shapes
from engine.text.language import N_

_SAME_SIZES = N_("Print the shapes just before this line. `unsqueeze`, `reshape` or a transpose usually puts it right.")
_SAME_DTYPE = N_("Convert one of them: `.float()`, `.double()`, `.long()`, or `.to(other.dtype)`.")


def _product(trace: Trace, failure: Failure, match: re.Match[str]) -> Explanation:
    shown = with_shapes(trace, failure)
    _, right, *_ = (*operands_of_failure(trace, failure), UNKNOWN, UNKNOWN)
    values = {**match.groupdict(), "tensors": shown, "right_one": right}
    cure = N_(
        "The second size of the left one must equal the first of the right one. If the right one is a "
        "weight stored the other way round, transpose it, `{right_one}.T`; if it is a layer, its number of inputs "
        "must be {inner}."
    )
    if shown:
        return said(
            N_("A matrix product {left} by {right} is not possible: {inner} is not {outer}. On this line: {tensors}."),
            cure,
            **values,
        )
    return said(N_("A matrix product {left} by {right} is not possible: {inner} is not {outer}."), cure, **values)


def _broadcast(trace: Trace, failure: Failure, match: re.Match[str]) -> Explanation:
    shown = with_shapes(trace, failure)
    if shown:
        return said(
            N_(
                "In dimension {dim} one tensor has the size {a}, the other {b}. Sizes must be equal, or one of "
                "them 1. On this line: {tensors}."
            ),
            _SAME_SIZES,
            **match.groupdict(),
            tensors=shown,
        )
    return said(
        N_("In dimension {dim} one tensor has the size {a}, the other {b}. Sizes must be equal, or one of them 1."),
        _SAME_SIZES,
        **match.groupdict(),
    )


CASES: tuple[Case, ...] = (
    clever(
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied \((?P<left>\d+x(?P<inner>\d+)) and (?P<right>(?P<outer>\d+)x\d+)\)",
        _product,
    ),
    clever(
        "RuntimeError",
        r"size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) at non-singleton dimension "
        r"(?P<dim>\d+)",
        _broadcast,
    ),
    plain(
        "RuntimeError",
        r"size mismatch, got input|inconsistent tensor size|Expected size for first two dimensions of batch2|"
        r"1D tensors expected|shape mismatch|must match the existing size|"
        r"output with shape .* doesn't match the broadcast shape",
        N_("The shapes of the tensors on this line do not fit together for the operation."),
        _SAME_SIZES,
    ),
    plain(
        "RuntimeError",
        r"Sizes of tensors must match except in dimension (?P<dim>\d+)\. (?:Expected size (?P<want>\d+) but got size "
        r"(?P<have>\d+))?",
        N_("`cat` joins along dimension {dim}; all other dimensions must have equal sizes."),
        N_(
            "Print the shapes just before this line; choose another `dim`, or use `torch.stack` to make a new "
            "dimension."
        ),
    ),
    plain(
        "RuntimeError",
        r"stack expects each tensor to be equal size",
        N_("`stack` puts tensors of exactly the same shape on top of each other."),
        N_("Use `torch.cat` for tensors that differ along one dimension, or pad them to the same size."),
    ),
    plain(
        "RuntimeError",
        r"shape '(?P<want>\[.*?\])' is invalid for input of size (?P<have>\d+)",
        N_("The tensor has {have} elements and cannot be seen as {want}: the sizes must multiply to the same number."),
        N_("Correct one of the sizes, or write -1 for the one PyTorch should work out."),
    ),
    plain(
        "RuntimeError",
        r"view size is not compatible with input tensor's size and stride",
        N_(
            "A view changes only how memory is read. After a transpose or permute the elements do not lie in "
            "the order this view would need."
        ),
        N_("Use `reshape(...)`, which copies when it has to, or `.contiguous().view(...)`."),
    ),
    plain(
        "IndexError",
        r"Dimension out of range \(expected to be in range of \[(?P<low>-?\d+), (?P<high>-?\d+)\], "
        r"but got (?P<have>-?\d+)\)",
        N_("There is no dimension {have}: this tensor's dimensions are {low} to {high}."),
        N_("Count from 0, or from the end with −1."),
    ),
    plain(
        "IndexError",
        r"too many indices for tensor of dimension (?P<n>\d+)",
        N_("More indices were given than the tensor has dimensions, which is {n}."),
        N_("Print its shape; a batch or channel dimension may be missing."),
    ),
    plain(
        "IndexError",
        r"index (?P<index>-?\d+) is out of bounds for (?:dimension|axis) (?P<dim>\d+) with size (?P<size>\d+)",
        N_("Index {index} does not exist: dimension {dim} has the size {size}, and counting starts at 0."),
        N_("The last index is the size minus 1; −1 always means the last one."),
    ),
    plain(
        "IndexError",
        r"index out of range in self",
        N_("A number to be looked up is larger than the embedding table."),
        N_("Make `num_embeddings` larger than the largest number that is looked up, counting from 0."),
    ),
    plain(
        "IndexError RuntimeError",
        r"Target (?P<target>-?\d+) is out of bounds",
        N_("Target class {target} does not exist: classes are numbered from 0 to the number of outputs minus 1."),
        N_("Number the classes from 0, or give the last layer as many outputs as there are classes."),
    ),
    plain(
        "ValueError",
        r"Expected input batch_size \((?P<a>\d+)\) to match target batch_size \((?P<b>\d+)\)",
        N_("There are {a} predictions but {b} targets."),
        N_(
            "The first dimension of both is the batch. A wrong reshape or flatten before this line is the usual reason."
        ),
    ),
    plain(
        "ValueError",
        r"Using a target size .* that is different to the input size",
        N_("Predictions and targets have different shapes, so it is not clear which belong together."),
        N_("Give both the same shape, often with `{other}.unsqueeze(1)` or `{this}.squeeze(1)`."),
    ),
    plain(
        "RuntimeError",
        r"expected target dtype to be Long|expected scalar type Long but found",
        N_("Class targets are whole numbers (dtype int64): each is the index of the right class."),
        N_("Convert them: `{other}.long()`. If they are probabilities, they need the shape of the predictions."),
    ),
    plain(
        "RuntimeError",
        r"(?:mat1 and mat2 must|to) have the same dtype, but got:? (?P<a>\w+)(?: and | != )(?P<b>\w+)",
        N_("One tensor has the dtype {a}, the other {b}; this operation wants the same for both."),
        _SAME_DTYPE,
    ),
    plain(
        "RuntimeError",
        r"[Ee]xpected (?:scalar|object of scalar) type (?P<a>\w+) but (?:found|got)(?: scalar type)? (?P<b>\w+)",
        N_("One tensor has the dtype {a}, the other {b}; this operation wants the same for both."),
        _SAME_DTYPE,
    ),
    plain(
        "RuntimeError",
        r"mean\(\): could not infer output dtype|(?:Can only calculate the mean of floating types)",
        N_("The mean of whole numbers is not a whole number, so PyTorch asks for floating point."),
        N_("Convert first: `{this}.float().mean()`."),
    ),
    plain(
        "RuntimeError",
        r"result type (?P<a>\w+) can't be cast to the desired output type (?P<b>\w+)",
        N_("The result has the dtype {a}, but it is to be written into a tensor of dtype {b}."),
        N_("Make a new tensor instead of writing in place, or convert the target first."),
    ),
    plain(
        "RuntimeError",
        r"expected input\[.*\] to have (?P<want>\d+) channels, but got (?P<have>\d+) channels",
        N_(
            "The convolution was made for {want} channels, the input has {have}. Images have the shape (batch, "
            "channels, height, width)."
        ),
        N_("Change `in_channels`, or bring the dimensions into this order with `permute`."),
    ),
    plain(
        "RuntimeError",
        r"Kernel size can't be greater than actual input size",
        N_("The kernel is larger than what is left of the image here."),
        N_("Use padding, fewer pooling steps, or larger images."),
    ),
    plain(
        "RuntimeError",
        r"Expected .*\(unbatched\) or .*\(batched\) input to (?P<operation>\w+), "
        r"but got input of size: (?P<have>\[.*?\])",
        N_("{operation} wants images with channels, and perhaps a batch in front, but got the shape {have}."),
        N_("Add the missing dimensions with `unsqueeze(0)`."),
    ),
    plain(
        "ValueError",
        r"Expected more than 1 value per channel when training",
        N_("Batch norm cannot calculate a variance from a single value."),
        N_("Use larger batches (and `drop_last=True`), or call `model.eval()` for single examples."),
    ),
    plain(
        "RuntimeError",
        r"Expected all tensors to be on the same device|is not on the expected device|Input type .* and weight type",
        N_("The tensors of this operation are on different devices."),
        N_("Move all of them to the same device with `.to(device)`: the model once, and every batch."),
    ),
    plain(
        "AssertionError RuntimeError",
        r"Torch not compiled with CUDA enabled|No CUDA GPUs are available|Found no NVIDIA driver|"
        r"Attempting to deserialize object on a CUDA device",
        N_("The program asks for CUDA, but there is none here."),
        N_('Choose the device at run time: `device = "cuda" if torch.cuda.is_available() else "cpu"`.'),
    ),
)
