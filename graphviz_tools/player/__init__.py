"""The player: plain JavaScript modules and style sheets, no build step."""
