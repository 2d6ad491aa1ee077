"""Which programs run under every policy."""

from engine.contract.trace import Program
from pages.ui.clinic import cards
from pages.ui.desk.lessons import lesson_programs, program_of
from pages.ui.desk.own_programs import MOST_WRITTEN, Ours
from pages.ui.training.candidates import broken_of, trainings

LESSON, OWN = Program("lesson"), Program("own")


def test_lessons_and_what_our_pages_wrote_are_ours_and_nothing_else() -> None:
    ours = Ours(frozenset({LESSON}))
    assert LESSON in ours and OWN not in ours
    assert ours.write(OWN) is OWN
    assert OWN in ours


def test_of_the_programs_written_only_the_last_ones_are_known() -> None:
    ours = Ours(frozenset({LESSON}))
    for n in range(MOST_WRITTEN + 1):
        ours.write(Program(str(n)))
    assert Program("0") not in ours and Program("1") in ours and LESSON in ours


def test_every_card_of_the_clinic_and_every_training_is_ours() -> None:
    ours = [program_of(one) for card in cards.cards() for one in (card.lesson, card.cure) if one is not None]
    trained = [*trainings().values(), *broken_of(trainings().values()).values()]
    assert set(ours) | {one.program for one in trained} <= lesson_programs()
