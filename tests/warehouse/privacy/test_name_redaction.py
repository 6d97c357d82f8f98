"""Names of people who were erased, in other people's words."""

import pytest

from warehouse.privacy.name_redaction import erased_names_in, name_hash, redact_erased_names, redact_names

KEY = b"k" * 32
ERASED = {name_hash(KEY, "zebra@far.example"), name_hash(KEY, "zebra.sky.example")}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ask zebra@far.example.", "ask …."),
        ("(Zebra.Sky.Example) knows", "(…) knows"),
        ("@zebra.sky.example yes", "@… yes"),
        ("@zebra@far.example yes", "@… yes"),
        ("see https://far.example/@zebra and far.example", "see https://far.example/@zebra and far.example"),
        ("a zebra, example.org, 3.5 and so on...", "a zebra, example.org, 3.5 and so on..."),
        ("", ""),
    ],
)
def test_a_name_is_known_by_its_keyed_hash_alone(text: str, left: str) -> None:
    assert redact_erased_names(text, tuple(erased_names_in(KEY, text, ERASED))) == left


def test_no_half_of_an_address_is_left() -> None:
    assert redact_names("write to zebra@far.example or @zebra@far.example or @zebra") == "write to @… or @… or @…"
