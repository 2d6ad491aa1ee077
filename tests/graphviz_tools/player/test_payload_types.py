from tools.typescript import payload_types


def test_the_players_types_are_those_of_the_payload() -> None:
    assert payload_types.TARGET.read_text(encoding="utf-8") == payload_types.written(), "run `make payload`"
