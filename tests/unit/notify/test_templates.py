"""Words: every template in full, the reader's wall time and language, no way to smuggle lines in."""

from datetime import UTC, datetime
from gettext import NullTranslations

import pytest

from telehealth.notify.staff_texts import STAFF_TEXTS
from telehealth.notify.templates import Wording
from telehealth.notify.texts import HELP, TEXTS
from telehealth.services.letters import Letter, NotDelivered

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
VALUES = {
    "minutes": "30",
    "clinic": "Hill Clinic",
    "name": "Dr Amara Okafor",
    "practitioner": "Dr Amara Okafor",
    "phone": "+34600000000",
    "link": "https://care.example/v?lang=en#token",
    "code": "ABCD-EFGH",
    "page": "care.example/v",
}

UNLINKED = {"visit-cancelled", "visit-late", "visit-on-time"}


def letter(template: str, language: str = "en", zone: str = "Africa/Lagos", **values: str) -> Letter:
    at = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    return Letter(template, language, "bo@home.example", VALUES | values, at, zone, NOW)


@pytest.mark.parametrize("template", sorted({**TEXTS, **STAFF_TEXTS}))
def test_the_clinic_comes_first_one_link_and_help_last(template: str) -> None:
    words = Wording()(letter(template))
    assert words.subject.startswith("Hill Clinic: ")
    assert words.text.count("https://") == (0 if template in UNLINKED else 1)
    assert words.text.endswith("\n\nNeed help? Call +34600000000.\n")
    assert "{" not in words.subject + words.text


def test_times_are_the_readers_wall_time() -> None:
    assert "Monday, 23 November 2026 at 23:30" in Wording()(letter("visit-invitation")).subject
    tokyo = Wording()(letter("visit-invitation", zone="Asia/Tokyo"))
    assert "Tuesday, 24 November 2026 at 07:30" in tokyo.subject
    assert "(Japan Standard Time)" in tokyo.text


def test_a_language_without_catalogue_gets_english_dates_with_english_words() -> None:
    for language in ("sw", "zh-Hans", "xx", ""):
        assert Wording()(letter("visit-invitation", language)) == Wording()(letter("visit-invitation"))


def test_a_catalogue_decides_words_and_dates() -> None:
    class Spanish(NullTranslations):
        def gettext(self, message: str) -> str:
            return "Ayuda: {phone}" if message == HELP else message

    words = Wording({"es": Spanish()})(letter("visit-invitation", "es-MX"))
    assert words.text.endswith("Ayuda: +34600000000\n")
    assert "lunes, 23 de noviembre de 2026" in words.subject


def test_names_cannot_add_lines_or_fields() -> None:
    words = Wording()(
        letter("staff-invitation", clinic="Hill\r\nBcc: all@x\x1b[2J {link}", name="A\n\nB\u2028C")
    )
    assert words.subject == "Hill Bcc: all@x [2J {link}: your account for video visits"
    assert "A B C" in words.text


def test_no_phone_no_help_line() -> None:
    assert "Need help" not in Wording()(letter("visit-invitation", phone="")).text


def test_an_unknown_template_is_given_up() -> None:
    with pytest.raises(NotDelivered) as refused:
        Wording()(letter("horoscope"))
    assert (refused.value.code, refused.value.final) == ("no-template", True)
