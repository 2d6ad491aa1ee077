"""What the player is given: every step, state, badge and word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from engine.contract.trace import NodeRanStep, Omission, Program, RunStartedStep, Trace
from engine.text.language import N_
from graphviz_tools import player
from graphviz_tools.compare import variants
from graphviz_tools.payload import Payload, RuleBlock, TextBlock, ValuesBlock
from graphviz_tools.picture import show
from graphviz_tools.render.layout import Layout
from graphviz_tools.story.strings import STRINGS
from tests.graphviz_tools import traces

T = TypeVar("T")


@pytest.fixture(scope="module")
def draw():
    layout = Layout()
    yield lambda trace, **more: show(trace, _=N_, language="en", layout=layout, **more)
    layout.close()


@pytest.fixture(scope="module")
def c1(draw) -> Payload:
    return draw(traces.c1())


def at(track: Sequence[tuple[int, T]], step: int) -> T:
    return [content for first, content in track if first <= step][-1]


def rows(payload: Payload, step: int, title: str) -> list[tuple[str, str]]:
    block = next(b for b in payload.steps[step].blocks if isinstance(b, ValuesBlock) and b.title == title)
    return [(row.label, payload.values[row.value].text if row.value is not None else "") for row in block.rows]


def test_there_is_a_step_before_the_first_line_and_one_for_each_recorded(c1: Payload) -> None:
    assert len(c1.steps) == 13
    assert c1.steps[0].headline == "before the first line"
    assert [s.headline for s in c1.steps[3:6]] == ["z = x * y", "loss = z.sum()", "loss.backward()"]


def test_a_backward_step_tells_what_arrives_the_rule_and_what_leaves(c1: Payload) -> None:
    step = c1.steps[7]
    assert step.headline == "MulBackward0 runs"
    assert rows(c1, 7, "arrives") == [("from loss = sum", "[1, 1]")]
    assert rows(c1, 7, "leaves") == [("→ x", "[4, 5]"), ("→ y", "[2, 3]")]
    assert rows(c1, 7, "uses what was saved") == [("other = y", "[4, 5]"), ("self = x", "[2, 3]")]
    assert step.focus == "v-n2"
    assert set(step.lit) == {"a-2-0", "a-2-1"}


def test_the_rule_has_the_real_numbers(c1: Payload) -> None:
    rule = next(block for block in c1.steps[7].blocks if isinstance(block, RuleBlock))
    assert rule.formulas[0] == ("self ← grad · other", "x ← [1, 1] · [4, 5] = [4, 5]")


def test_summands_of_a_fan_in_are_shown_with_their_sum(draw) -> None:
    payload = draw(traces.square())
    block = next(b for b in payload.steps[5].blocks if isinstance(b, ValuesBlock))
    assert [(row.sign, payload.values[row.value or 0].text) for row in block.rows] == [
        ("", "3"),
        ("+", "3"),
        ("=", "6"),
    ]
    assert block.rows[-1].note == "sum of 2"


def test_states_of_a_node_follow_its_execution(c1: Payload) -> None:
    assert c1.vertices["v-n2"].states == ((3, "waiting"), (6, "ready"), (7, "running"), (8, "done"))
    assert c1.vertices["v-t0"].states == ((1, "waiting"), (7, "ready"), (8, "running"), (10, "done"))
    assert c1.vertices["v-t3"].states == ((4, "waiting"), (5, "running"), (6, "done"))
    assert c1.vertices["v-s2-0"].states == ((3, "ready"), (7, "running"), (8, "freed"))


def test_a_leafs_badge_is_its_grad(c1: Payload) -> None:
    assert c1.vertices["v-t0"].badge == ((1, "·"), (9, "grad [4, 5]"))


def test_a_vertex_is_built_by_the_call_that_makes_it(c1: Payload) -> None:
    assert {v: c1.vertices[v].built_at for v in ("v-t0", "v-t1", "v-n2", "v-t3")} == {
        "v-t0": 1,
        "v-t1": 2,
        "v-n2": 3,
        "v-t3": 4,
    }
    assert c1.arrows["a-2-0"].built_at == 3


def test_arrows_carry_the_gradient_from_the_step_it_moves(c1: Payload) -> None:
    assert c1.arrows["a-2-0"].label == ((7, "[4, 5]"),)
    assert c1.arrows["a-t3"].label == ((5, "1"),)
    assert c1.arrows["a-2-1"].weight[0][1] > c1.arrows["a-t3"].weight[0][1] > 0


def test_bands_name_forward_and_backward(c1: Payload) -> None:
    assert [(b.phase, b.first, b.last) for b in c1.bands] == [("forward", 1, 4), ("backward", 5, 12)]


def test_output_is_shown_as_far_as_it_was_printed(c1: Payload) -> None:
    assert [step.printed for step in c1.steps] == [0] * 12 + [len("tensor([4., 5.])\n")]


def test_bytes_of_output_are_counted_as_characters(draw) -> None:
    trace = traces.c1()
    steps = tuple(type(s)(**{**fields(s), "printed": 6 if k > 2 else 0}) for k, s in enumerate(trace.steps))
    payload = draw(changed(trace, steps=steps, stdout="梯度"))
    assert [payload.steps[k].printed for k in (3, 4)] == [0, 2]


def test_a_failing_program_opens_at_its_failure_and_explains_it(draw) -> None:
    payload = draw(traces.mutated("detach"))
    assert payload.failure_step == payload.start_step == 10
    assert payload.steps[9].headline == "MulBackward0 fails"
    assert [b.tone for b in payload.steps[10].blocks if isinstance(b, TextBlock)] == ["error", "good", ""]
    assert at(payload.vertices["v-n2"].states, 9) == "failed"
    assert [(m.step, m.kind) for m in payload.marks] == [(5, "cut"), (6, "mutation"), (9, "failure"), (10, "failure")]
    assert [(m.line, m.tone) for m in payload.line_marks] == [(6, "error")]


@pytest.mark.parametrize(("cut", "badge"), [("detach", "now version 1"), ("data", "bytes written")])
def test_a_saved_tensor_shows_that_it_was_changed(draw, cut: str, badge: str) -> None:
    payload = draw(traces.mutated(cut))
    assert at(payload.vertices["v-s2-0"].badge, 5) == "·"
    assert at(payload.vertices["v-s2-0"].badge, 6) == badge


def test_writing_to_what_has_no_part_in_the_graph_is_no_mark(draw) -> None:
    trace = traces.mutated("data")
    alone = type(trace.tensors[4])((3,), "float32", "cpu", name="b_", call=4, storage=9)
    payload = draw(changed(trace, tensors=(*trace.tensors[:4], alone)))
    assert not any(mark.kind == "mutation" for mark in payload.marks)


def test_an_in_place_step_names_what_shares_the_bytes(draw) -> None:
    texts = [b.text for b in draw(traces.mutated()).steps[6].blocks if isinstance(b, TextBlock)]
    assert texts[-1] == "b_ was written to in place: version 0 → 1. The same bytes belong to b."


def test_every_id_in_the_payload_is_drawn(draw) -> None:
    for trace in (traces.c1(), traces.square(), traces.mutated(), traces.recurrent(90), traces.chain(400)):
        for view in ("backward", "combined"):
            assert_consistent(draw(trace, view=view))


def assert_consistent(payload: Payload) -> None:
    drawn = set(re.findall(r'<g id="([^"]+)"', (payload.svg or "").replace("&#45;", "-")))
    assert set(payload.vertices) | set(payload.arrows) <= drawn
    for arrow in payload.arrows.values():
        assert {arrow.source, arrow.target} <= set(payload.vertices)
    for step in payload.steps:
        assert step.focus is None or step.focus in payload.vertices
        assert set(step.lit) <= set(payload.arrows)
        assert_blocks(payload, step.blocks)
    for vertex in payload.vertices.values():
        assert_blocks(payload, vertex.card)
        assert set(vertex.same_as) <= set(payload.vertices)
        for track in (vertex.states, vertex.badge):
            assert [s for s, _ in track] == sorted({s for s, _ in track})


def assert_blocks(payload: Payload, blocks: Sequence[Any]) -> None:
    for block in blocks:
        for row in block.rows if isinstance(block, ValuesBlock) else ():
            assert row.vertex is None or row.vertex in payload.vertices
            refs = [row.value] if row.value is not None else [ref for _, ref in row.track]
            assert all(0 <= ref < len(payload.values) for ref in refs)


def test_a_group_counts_the_nodes_that_have_run(draw) -> None:
    payload = draw(traces.chain(1000))
    badges = [text for v in payload.vertices.values() if v.kind == "group" for _, text in v.badge]
    assert "1 / 125" in badges
    assert "125 / 125" in badges
    assert all(v.states[-1][1] == "done" for v in payload.vertices.values() if v.kind == "group")


def test_a_group_is_done_at_the_step_after_the_last_of_its_nodes_ran(draw) -> None:
    trace = traces.chain(1000)
    payload = draw(trace)
    ran = {step.node: number for number, step in enumerate(trace.steps, 1) if isinstance(step, NodeRanStep)}
    groups = [vertex for vertex in payload.vertices.values() if vertex.kind == "group"]
    assert groups
    for vertex in groups:
        last = next(step for step, text in vertex.badge if text == "125 / 125")
        assert at(vertex.states, last) == "running" and last in ran.values()
        assert [state for _, state in vertex.states].count("done") == 1
        assert {state: step for step, state in vertex.states}["done"] == last + 1


def test_a_group_is_not_done_while_one_of_its_nodes_waits_for_another_group(draw) -> None:
    trace = traces.chain(1000)
    ran = [number for number, step in enumerate(trace.steps, 1) if isinstance(step, NodeRanStep)]
    border = 125  # the first group's last node, and the next group's first one, run in the other order
    first, second = ran[border - 1] - 1, ran[border] - 1
    steps = list(trace.steps)
    steps[first], steps[second] = steps[second], steps[first]
    payload = draw(msgspec.structs.replace(trace, steps=tuple(steps)))
    group = next(
        v
        for v in payload.vertices.values()
        if v.kind == "group" and ("124 / 125" in dict(v.badge).values()) and at(v.badge, first + 1) == "124 / 125"
    )
    assert at(group.states, first + 1) != "done"
    assert at(group.states, second + 2) == "done"


def test_the_player_opens_where_backward_starts(c1: Payload) -> None:
    assert c1.start_step == 1 + next(n for n, step in enumerate(traces.c1().steps) if isinstance(step, RunStartedStep))
    assert c1.steps[c1.start_step].headline == "loss.backward()"


def test_limits_of_the_recording_are_said(draw) -> None:
    trace = changed(
        traces.c1(), omissions=(Omission("backward_runs", 3, line=9),), later_losses=((9, 0.25), (9, 0.125))
    )
    assert draw(trace).notices[0] == (
        "The first 3 backward runs are recorded in full; of later ones only the loss. 2 more runs followed; "
        "the last loss was 0.125. (From line 9 on.)"
    )


def test_the_run_key_is_that_of_the_recording(draw) -> None:
    assert draw(traces.c1()).run_key == draw(traces.c1(), view="combined").run_key
    assert draw(traces.c1()).run_key != draw(traces.square()).run_key


def test_the_player_is_given_every_word_it_asks_for() -> None:
    asked: set[str] = set()
    for file in Path(player.__file__).parent.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        asked.update(re.findall(r'\bt\("(\w+)"\)', text))
        asked.update(re.findall(r'\bbutton\("(\w+)"', text))
    assert asked, "the player asks for no words: has its way of asking changed?"
    phases = {"start", "forward", "backward", "end", "to_forward", "to_backward", "pause", "play"}
    assert asked | phases <= set(STRINGS) | set(variants.STRINGS)


def changed(trace: Trace, **tables: Any) -> Trace:
    return Trace(**{**fields(trace), **tables})


def fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_a_layout_that_fails_leaves_the_steps(draw) -> None:
    class Broken(Layout):
        def _lay_out(self, dot: str) -> str:
            return super()._lay_out("digraph {")

    layout = Broken()
    payload = show(traces.c1(), _=N_, language="en", layout=layout)
    layout.close()
    assert payload.svg is None
    assert payload.no_picture.startswith("This graph could not be drawn")
    assert len(payload.steps) == 13


def test_an_empty_program_says_that_it_is_empty(draw) -> None:
    payload = draw(Trace(Program("# only a comment\n"), "ok"))
    assert payload.svg is None
    assert payload.no_picture == "The program is empty. Write some PyTorch code, or choose a lesson, and run it."
    assert len(payload.steps) == 1


def test_a_root_of_many_elements_starts_with_nothing_and_fails(draw) -> None:
    trace = traces.c1()
    run = type(trace.runs[0])(
        "backward", 5, (type(trace.runs[0].roots[0])(2, 2, value=traces.value(8, 15)),), nodes=(2, 0, 1)
    )
    steps = (*trace.steps[:3], type(trace.steps[4])(0), type(trace.steps[-1])(0, False, error="RuntimeError: scalar"))
    payload = draw(changed(trace, runs=(run,), steps=steps))
    assert payload.vertices["v-t2"].states[-1] == (5, "failed")
    assert payload.vertices["v-t2"].badge == ((3, "·"),)
    assert rows(payload, 4, "starts with") == [("gradient", "None")]
    assert payload.arrows["a-t2"].label == ()
