"""detach vs .data: one program in variants side by side, memory and versions moving in step, a verdict for each."""

from pages.ui import bar, bench_panel, look, running, state
from pages.ui.words import words

state.session()
_ = words(state.place().language)
bench = bench_panel.bench()

look.add("detach.css")
bench.settle(running.patience_s(bench))
bar.show(_)
bench_panel.intro(bench, _)
bench_panel.comparison(bench)
running.watch(bench)
state.keep_link()
