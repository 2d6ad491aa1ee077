"""Texts that want to be markup, and a program that puts them wherever a program can put a text."""

from __future__ import annotations

CALL = "globalThis.__xss=1"
MARKUP = (
    f"<script>{CALL}</script>",
    f"<img src=x onerror={CALL}>",
    f'"><svg onload={CALL}>',
    f"javascript:{CALL}",
    f"</title></style></textarea></script><script>{CALL}</script>",
    f"'-{CALL}-'",
    "{{7*7}}${7*7}{0}{x!r}%{x}",
    f"<iframe srcdoc='<script>{CALL}</script>'>",
    "&lt;script&gt;&amp;",
    "]]><!--",
    f"<a href='javascript:{CALL}'>a</a>",
    '<a href="https://evil.example">b</a>',
    "<<table><tr><td>c</td></tr></table>>",
    '\\"; shape=box; x="',
    "<b>d</b><br><sub>e</sub>",
)
MARKDOWN = (
    f"[f](javascript:{CALL})",
    "[g](https://evil.example)",
    "![h](https://evil.example/p.png)",
    "https://evil.example/i",
    "www.evil.example",
    "j@evil.example",
    "**k**",
    "_l_",
    "`m`<b>n</b>",
    "``o",
    ":red[p]",
    ":material/home:",
    ":smile:",
    "$q^2$",
    "$$r$$",
    "# s",
    "- t",
    "1. u",
    "> v",
    "~~w~~",
    "a --> b <- c",
    "| x | y |",
    "[z]: https://evil.example",
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://evil.example")')
ODD = ("\u2028\u2029\u202e\u0000\x1b[31m", "../../etc/passwd\r\nSet-Cookie: a=b", "$(id)`id`", "line\nbreak\n\n# head")
TEXTS = (*MARKUP, *MARKDOWN, *FORMULAS, *ODD)

NAMES = f"texts = {TEXTS!r}\n"
PROGRAM = f"""import torch
{NAMES}
class Model(torch.nn.Module):
    def forward(self):
        return sum((p * 2).sum() for p in self.parameters(recurse=False)) + sum(m(torch.ones(1, 1)).sum() for m in self.children())

model = Model()
for text in texts:
    globals()[text] = torch.ones(2, requires_grad=True)
    cut = globals()[text].detach() * 2
    model.register_parameter("p" + text.replace(".", "·"), torch.nn.Parameter(torch.ones(2)))
    if len(text) < 30:
        model.add_module(text.replace(".", "·"), torch.nn.Linear(1, 1))
    print(text)
first, second = globals()[texts[0]], globals()[texts[1]]
kept = first.exp()
kept.data.zero_()
loss = kept.sum() + model() + (cut * first).sum()
loss.backward()
"""
ERROR = """raise type(texts[1] + texts[16], (ValueError,), {})("; ".join(texts))
"""
TRAINING = f"""import torch
{NAMES}
model = torch.nn.Module()
for text in texts[:12] + texts[15:20]:
    model.register_parameter(text.replace(".", "·"), torch.nn.Parameter(torch.ones(1)))
    print(text)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(200):
    optimizer.zero_grad()
    loss = sum((p * p).sum() for p in model.parameters())
    loss.backward()
    optimizer.step()
{ERROR}"""

LOOK = """() => {
  const found = [];
  const walk = (root) => {
    for (const e of root.querySelectorAll("*")) {
      if (e.shadowRoot) walk(e.shadowRoot);
      const links = ["href", "src", "action", "formaction", "xlink:href"].map((name) => e.getAttribute(name)).filter(Boolean);
      const leads = (link) => new URL(link, location.href);
      const isAway = (url) => /^(javascript|vbscript):$/.test(url.protocol) || /evil\\.example$/.test(url.hostname);
      const isBad = links.some((link) => isAway(leads(link))) || [...e.attributes].some((a) => a.name.startsWith("on"));
      const isOdd = ["IFRAME", "OBJECT", "EMBED", "BASE", "META"].includes(e.tagName) && e.closest("body");
      const isRun = e.tagName === "SCRIPT" && /__xss/.test(e.textContent);
      const isPicture = e.tagName === "IMG" && e.getAttribute("src") === "x";
      if (isBad || isOdd || isRun || isPicture) found.push(e.outerHTML.slice(0, 200));
    }
  };
  walk(document);
  if (globalThis.__xss) found.push("a script ran");
  return found;
}"""
