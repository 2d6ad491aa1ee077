"""detach vs .data: one program in variants side by side, memory and versions moving in step, a verdict for each."""

from pages.ui.desk import running, state
from pages.ui.desk.words import words
from pages.ui.detach import panel
from pages.ui.frame import bar, styles

state.desk()
_ = words(state.place().language)
bench = panel.bench()

styles.add("detach/page.css")
bench.settle(running.patience_s(bench))
bar.show(_)
panel.intro(bench, _)
panel.comparison(bench)
running.watch(bench)
state.keep_link()
