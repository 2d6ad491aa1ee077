"""Errors about values, modules and the use of torch functions."""

from __future__ import annotations

from engine.explain.errors.explanation import Case, plain
from engine.text.language import N_

CASES: tuple[Case, ...] = (
    plain(
        "RuntimeError ValueError",
        r"[Bb]oolean value of Tensor with (?:more than one value|no values?) is ambiguous",
        N_("An `if` or `while` wants one True or False, but the comparison gave one for every element."),
        N_("Say which is meant: `.any()`, `.all()`, or compare a single number, such as `{this}.sum()`."),
    ),
    plain(
        "RuntimeError",
        r"all elements of input should be between 0 and 1",
        N_("binary_cross_entropy wants probabilities between 0 and 1, but got something else."),
        N_("Use `binary_cross_entropy_with_logits` on the raw outputs, which is also more accurate."),
    ),
    plain(
        "TypeError",
        r"len\(\) of a 0-d tensor|iteration over a 0-d tensor",
        N_("This tensor is a single number without dimensions: it has no length and no parts."),
        N_("Use `.item()` for its value, or `.unsqueeze(0)` to give it a dimension."),
    ),
    plain(
        "ValueError",
        r"expected sequence of length (?P<want>\d+) at dim (?P<dim>\d+) \(got (?P<have>\d+)\)",
        N_(
            "A tensor is a full block of numbers, but the rows of this list have different lengths ({want} and {have})."
        ),
        N_("Pad the shorter rows, or keep a list of tensors."),
    ),
    plain(
        "ValueError",
        r"too many dimensions 'str'",
        N_("A tensor holds numbers, and this list contains text."),
        N_("Give each word a number first."),
    ),
    plain(
        "TypeError",
        r"(?P<call>[\w.]+\(\)) missing (?P<n>\d+) required (?:positional|keyword-only) arguments?: (?P<names>.*)",
        N_("{call} was called without {names}."),
        N_("Add what is missing, in the order of its definition."),
    ),
    plain(
        "NotImplementedError",
        r"is missing the required \"forward\" function",
        N_("This module has no `forward` method, so calling it has no meaning."),
        N_("Define `def forward(self, x):` with exactly this spelling, indented inside the class."),
    ),
    plain(
        "AttributeError",
        r"cannot assign (?:module|parameters?) before Module\.__init__\(\) call",
        N_("A layer was assigned before the module itself was set up."),
        N_("Call `super().__init__()` first in your `__init__`."),
    ),
    plain(
        "RuntimeError",
        r"Error\(s\) in loading state_dict",
        N_("The saved weights do not match this model: names or shapes differ."),
        N_("Build the model exactly as it was when it was saved; the message lists what is missing or unexpected."),
    ),
    plain(
        "RuntimeError",
        r"\"(?P<operation>\w+)\" not implemented for '(?P<dtype>\w+)'",
        N_("PyTorch has no version of this operation for the dtype {dtype}."),
        N_("Convert the tensor first, for example with `.float()`."),
    ),
    plain(
        "RuntimeError",
        r"linalg\.\w+: .*singular|input matrix is singular|The factorization could not be completed",
        N_("The matrix has no inverse, or is too close to having none."),
        N_("Check the input; a small multiple of the identity added to it often helps."),
    ),
    plain(
        "RuntimeError",
        r"Cannot re-initialize CUDA in forked subprocess",
        N_("CUDA cannot be used in this process."),
        N_("Choose the device before the run, in the app's device menu or by `--device`."),
    ),
)
