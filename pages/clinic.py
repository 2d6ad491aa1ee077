"""Error clinic: predict what a program does, see it, cure it, see what the cure changed."""

from pages.ui import bar, clinic_card, clinic_cards, clinic_list, clinic_state, look, state
from pages.ui.remembered import remember
from pages.ui.words import words

_ = words(state.place().language)
clinic = clinic_state.clinic()
card = clinic_cards.find(clinic.card)

look.add("clinic.css")
bar.show(_)
if card is None:
    clinic_list.show(clinic, _)
else:
    clinic_card.show(clinic, card, _)
clinic_state.keep_link(clinic)
remember("clinic", clinic.told(), clinic.remember)
