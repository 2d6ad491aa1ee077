"""Error clinic: predict what a program does, see it, cure it, see what the cure changed."""

from pages.ui.clinic import card, cards, overview, progress
from pages.ui.components.remembered import remember
from pages.ui.desk import state
from pages.ui.desk.words import words
from pages.ui.frame import bar, styles

_ = words(state.place().language)
clinic = progress.clinic()
chosen = cards.find(clinic.card)

styles.add("clinic/page.css")
bar.show(_)
if chosen is None:
    overview.show(clinic, _)
else:
    card.show(clinic, chosen, _)
progress.keep_link(clinic)
remember("clinic", clinic.told(), clinic.remember)
