"""Safety: who may run what on this server, how far that is enforced, and what one run may use."""

from pages.ui.desk import services, state
from pages.ui.desk.words import words
from pages.ui.frame import bar, styles
from pages.ui.safety import panel

state.desk()
_ = words(state.place().language)

styles.add("safety/page.css")
bar.show(_)
panel.show(services.policy(), services.runner().known_guarantee, services.limits(), _)
state.keep_link()
