"""The page's controls: which programs, what is broken on purpose, the device, Start; and what its charts ask back."""

# Streamlit's widgets leave some of their types unsaid.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from engine.text.language import Translate
from pages.ui.components import remembered
from pages.ui.desk import connection, navigation, state
from pages.ui.desk.results import Result
from pages.ui.desk.words import words
from pages.ui.training import candidates, component, shared
from pages.ui.training.candidates import DESK, ON_THE_DESK, OWN, Candidate
from pages.ui.training.desk import MOST_RUNS, TrainingDesk
from pages.ui.training.devices import CPU

PACES = (0.0, 100.0, 30.0, 10.0, 3.0, 1.0)  # steps a second; 0: all there are
OWN_START = """\
import torch

torch.manual_seed(0)
w = torch.tensor([0.0, 0.0], requires_grad=True)
target = torch.tensor([2.0, 1.0])
optimizer = torch.optim.SGD([w], lr=0.01)

for step in range(5000):
    optimizer.zero_grad()
    loss = ((w - target) ** 2).sum()
    loss.backward()
    optimizer.step()
"""


@dataclass
class Chosen:
    """What the visitor has set up, kept over a visit to another page."""

    keys: list[str] = field(default_factory=list[str])
    breaks: list[str] = field(default_factory=list[str])
    device: str = CPU
    own: str = OWN_START

    def write(self, source: str) -> None:
        """Take over a program of the visitor's own, which is then the one to train."""
        self.own, self.keys = source, [OWN]

    def remembered(self, source: str) -> None:
        """What the browser has kept from before."""
        self.own = source or OWN_START


def desk() -> TrainingDesk:
    """The visitor's desk, known to the server from now on."""
    the_desk = state.kept("training", lambda: TrainingDesk(shared.trainer(), state.asker()))
    shared.desks().keep(the_desk, connection.session_id())
    return the_desk


def chosen() -> Chosen:
    """What is set up; at first what the link says: ``?train=a6-sgd,a6-adam``, words for no lesson are own and desk."""
    return state.kept("training-chosen", lambda: arrived(str(st.query_params.get("train", ""))))


def arrived(train: str) -> Chosen:
    """What a link's words choose; without any, the lesson of the place if it trains, else the first one that does."""
    trainings, slugs = candidates.trainings(), train.split(",")
    keys = [slug for slug in dict.fromkeys(slugs) if slug in trainings or slug in (DESK, OWN)]
    keys = keys or [_opening(trainings)]
    broken = candidates.broken_of([trainings[key] for key in keys if key in trainings])
    return Chosen(keys[:MOST_RUNS], [slug for slug in slugs if slug in broken])


def _opening(trainings: Mapping[str, Candidate]) -> str:
    """What is chosen without a link's word: the visitor's own program in the Explorer, its lesson, or the first one."""
    lesson, program = state.lesson().slug, state.desk().program
    if candidates.on_the_desk(program).title == ON_THE_DESK and ".backward(" in program.source:
        return DESK
    return lesson if lesson in trainings else candidates.first() or OWN


def link_words() -> str:
    """What the link to this page says is chosen."""
    return ",".join((*chosen().keys, *chosen().breaks))


def options() -> dict[str, Candidate]:
    """What can be chosen."""
    return {
        **candidates.trainings(),
        DESK: candidates.on_the_desk(state.desk().program),
        OWN: candidates.own(chosen().own),
    }


def picked(setting: Chosen, offered: dict[str, Candidate]) -> list[Candidate]:
    """The programs that Start starts: those chosen, the right one of each that is broken on purpose, and these."""
    right = [offered[key] for key in setting.keys if key in offered]
    broken = candidates.broken_of(right)
    wrong = {slug: broken[slug] for slug in setting.breaks if slug in broken}
    beside = [one for one in offered.values() if one not in right and wrong.keys() & set(one.breaks)]
    beside = [one for one in beside if one.key != DESK and one.program not in [other.program for other in right]]
    is_choice = len(shared.devices().known()) > 1  # without one no program is told a device
    return [one.on(setting.device) if is_choice else one for one in (*right, *beside, *wrong.values())]


def controls(the_desk: TrainingDesk, _: Translate) -> None:
    """One or two rows above the charts."""
    setting, offered = chosen(), options()
    with st.container(horizontal=True, key="training-controls"):
        labels = {key: _option(key, offered[key], _) for key in offered}
        st.multiselect(
            _("Programs to train"),
            list(offered),
            format_func=labels.__getitem__,
            placeholder=_("Choose one program or several"),
            max_selections=MOST_RUNS,
            **state.widget("training-programs", [key for key in setting.keys if key in offered], _set(setting, "keys")),
        )
        _own(setting, _)
        _devices(setting, _)
        _speed(the_desk, _)
        st.button(
            _("Start"),
            type="primary",
            icon=":material/play_arrow:",
            key="training-start",
            disabled=not picked(setting, offered),
            on_click=_start,
            args=(the_desk,),
        )
        if not the_desk.is_bare:
            st.button(_("Clear"), help=_("Forget the runs that have ended"), on_click=the_desk.clear, type="tertiary")
    remembered.remember("code.training", setting.own if setting.own != OWN_START else "", setting.remembered)
    _breaks(setting, [offered[key] for key in setting.keys if key in offered], _)


def charts(the_desk: TrainingDesk) -> None:
    example = shared.example()
    is_offered = example is not None and chosen().keys == [example.candidate.key]
    the_desk.show_example(example.run() if example is not None and is_offered and the_desk.is_bare else None)
    component.show(the_desk, state.place().language or "en", _on_attach, _on_open)


def _option(key: str, candidate: Candidate, _: Translate) -> str:
    return _(candidates.ON_THE_DESK) if key == DESK else candidate.label(_)


def _set(setting: Chosen, name: str) -> Callable[[Any], None]:
    return lambda value: setattr(setting, name, value)


def _start(the_desk: TrainingDesk) -> None:
    wanted, under_way = picked(chosen(), options()), the_desk.under_way
    started = [run.candidate.program for run in the_desk.start(wanted)]
    left_out = [one for one in wanted if one.program not in (*under_way, *started)]
    _ = words(state.place().language)
    if left_out:
        names = ", ".join(one.label(_) for one in left_out)
        st.toast(_("At most {n} programs train at once. Not started: {names}.").format(n=MOST_RUNS, names=names))
    elif not started:
        st.toast(_("These programs are running already."))


def _devices(setting: Chosen, _: Translate) -> None:
    """The picker where there is a choice; else the one device there is."""
    titles = {device.name: device.title for device in shared.devices().known()}
    if len(titles) == 1:
        st.markdown(_("Device: {name}").format(name="CPU"), width="content")
        return
    setting.device = setting.device if setting.device in titles else CPU
    names = {name: title if name == CPU else f"{name} · {title}" for name, title in titles.items()}
    st.selectbox(
        _("Device"),
        list(names),
        format_func=names.__getitem__,
        width=220,
        **state.widget("training-device", setting.device, _set(setting, "device")),
    )


def _speed(the_desk: TrainingDesk, _: Translate) -> None:
    """How fast programs may train, so that a fast one can be watched and paused."""
    names = {pace: _("At most {n} steps/s").format(n=f"{pace:g}") if pace else _("Full speed") for pace in PACES}
    st.selectbox(
        _("Speed"),
        PACES,
        format_func=names.__getitem__,
        width=170,
        **state.widget("training-speed", the_desk.pace, the_desk.slow_down),
    )


def _breaks(setting: Chosen, right: Sequence[Candidate], _: Translate) -> None:
    broken = candidates.broken_of(right)
    if not broken:
        return
    with st.container(horizontal=True, key="training-breaks"):
        st.markdown(_("**Break it** and compare:"), width="content")
        st.pills(
            _("Break it"),
            list(broken),
            format_func=lambda slug: broken[slug].label(_),
            selection_mode="multi",
            **state.widget(
                "training-broken", [slug for slug in setting.breaks if slug in broken], _set(setting, "breaks")
            ),
        )


def _own(setting: Chosen, _: Translate) -> None:
    with st.popover(_("My own program"), icon=":material/code:"):
        st.text_area(_("Program"), height=300, width=640, **state.widget("training-own", setting.own, setting.write))
        st.caption(
            _("Its losses are found by themselves. Name the data `x` and `y`, the fit `y_pred`, to see them drawn.")
        )


def attach(key: str) -> None:
    """The page was loaded anew: take over the desk that its last session left behind."""
    found = shared.desks().take_over(key, connection.session_id())
    if found is not None and desk().is_bare:
        st.session_state.training = found


def open_step(run_id: str, step: int) -> bool:
    """Put a recorded step on the Explorer's desk, the run goes on meanwhile; False when it was not recorded."""
    run = desk().run(run_id)
    recorded = run.store.recorded if run is not None else ()
    wanted = next((each.run for each in recorded if each.step == step), None)
    if run is None or wanted is None:
        return False
    trace = run.trace()
    if wanted >= len(trace.runs):
        return False
    state.open_result(Result(f"{run.id}-{wanted}-{len(trace.steps)}", trace), wanted)
    return True


def _on_attach() -> None:
    key = state.told(component.KEY, "attach")
    if isinstance(key, str):
        attach(key)


def _on_open() -> None:
    match state.told(component.KEY, "open"):
        case {"run": str(run_id), "step": int(step)}:
            if open_step(run_id, step):
                st.session_state["training-opens"] = True
            else:
                st.toast(words(state.place().language)("That step was not recorded."))
        case _:
            pass  # left before it was told


def go_to_the_player() -> None:
    """Leave for the Explorer when a step was opened."""
    if st.session_state.pop("training-opens", False):
        state.arrive_at(navigation.FOLDER / "explorer.py")
