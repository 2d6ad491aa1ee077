"""The program the page opens with: ``b`` is saved for backward and then changed, in seven ways (lesson D5)."""

from engine.program.template import MARK, Variant
from engine.text.language import N_

TEMPLATE = f"""\
import torch

a = torch.tensor([7., 0., 0.], requires_grad=True)
b = a + 2
loss = torch.mean(b * b)

{MARK}


loss.backward()
print("a.grad =", a.grad)
"""

VARIANTS = (
    Variant("detach", "detach()", "b_ = b.detach()\nb_.zero_()"),
    Variant("data", ".data", "b_ = b.data\nb_.zero_()"),
    Variant("clone", "clone()", "b_ = b.clone()\nb_.zero_()"),
    Variant("no-grad", "no_grad", "with torch.no_grad():\n    b.zero_()"),
    Variant("numpy", "numpy()", "b.detach().numpy()[:] = 0"),
    Variant("out-of-place", N_("out of place"), "b = b * 0"),
    Variant("not-saved", N_("nothing was saved"), "loss = b.sum()\nb.data.zero_()"),
)

FIRST = ("detach", "data")  # shown side by side when the page is opened
MOST = 4  # columns that can still be read
