"""Names, addresses, numbers and languages as people type them."""

import pytest

from telehealth.domain.words import is_a_line, is_email, is_language, telephone


@pytest.mark.parametrize("text", ["Zoë Lindqvist", "می‌خواهم", "क्‍ष"])
def test_names_with_the_joiners_of_their_script_are_lines(text: str) -> None:
    assert is_a_line(text)


@pytest.mark.parametrize("text", ["two\nlines", "bell\x07", "turned \u202e round", "half \ud800"])
def test_what_changes_how_the_rest_is_read_is_no_line(text: str) -> None:
    assert not is_a_line(text)


@pytest.mark.parametrize(
    "typed, dialled",
    [
        (" +49 (30) 12/34-56 ", "+49 (30) 12/34-56"),
        ("٠٣٠١٢٣٤٥٦", "030123456"),
        ("०३०१२३४", "0301234"),
        ("12", ""),
        ("call me", ""),
        ("", ""),
    ],
)
def test_a_number_is_dialled_in_digits_that_every_phone_has(typed: str, dialled: str) -> None:
    assert telephone(typed) == dialled


@pytest.mark.parametrize(
    "text, fits",
    [("bo@x.example", True), ("Bo <bo@x.example>", False), ("a@b@c", False), ("b" * 250 + "@x.de", False)],
)
def test_an_address_is_one_bare_address(text: str, fits: bool) -> None:
    assert is_email(text) is fits


@pytest.mark.parametrize(
    "text, fits", [("es-MX", True), ("sw", True), ("english please", False), ("a-" * 20, False)]
)
def test_a_language_has_the_shape_of_a_tag(text: str, fits: bool) -> None:
    assert is_language(text) is fits
