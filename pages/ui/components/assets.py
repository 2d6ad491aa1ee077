"""The player's files as the browser gets them."""

from graphviz_tools.player.files import assets
from pages.ui.server.assets import Assets

PLAYER = Assets("player", assets)
