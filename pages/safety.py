"""Safety: who may run what on this server, how far that is enforced, and what one run may use."""

from pages.ui import bar, look, safety_panel, services, state
from pages.ui.words import words

state.session()
_ = words(state.place().language)

look.add("safety.css")
bar.show(_)
safety_panel.show(services.policy(), services.runner().known_guarantee, services.limits(), _)
state.keep_link()
