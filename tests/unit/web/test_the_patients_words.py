"""The sentences that patients read: plain in English, complete in every language, with right plurals."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from telehealth.config import Config
from web.translations import SOURCE, translations

WEB = Path(__file__).parents[3] / "web"
LOCALE = WEB / "locale"
NOTIFY = WEB.parent / "telehealth" / "notify"
OPTIONS = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "encoding": "utf-8"}
TRANSLATED = sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/messages.po"))
LONGEST = 20
DENIED = re.compile(
    r"\b(bandwidth|webrtc|session|peer|permission denied|invalid|terminate|error|browser settings)\b",
    re.IGNORECASE,
)
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")

Message = tuple[str | None, str, str]
"""Context, the English text, its plural or an empty text."""


def extracted() -> list[tuple[str, Message]]:
    """Every message with the template that it stands in."""
    pages = extract_from_dir(WEB, [("templates/**.html", "jinja2")], {"templates/**.html": OPTIONS})
    messages = extract_from_dir(
        NOTIFY,
        [
            (each, "python")
            for each in (
                "texts.py",
                "series_texts.py",
                "contact_texts.py",
                "waitlist_texts.py",
                "choice_texts.py",
                "way_texts.py",
            )
        ],
    )
    return [
        (template, (context, *message) if isinstance(message, tuple) else (context, message, ""))
        for template, _, message, _, context in [*pages, *messages]
    ]


@cache
def of_patients() -> frozenset[Message]:
    """What stands on the patient's pages and in messages to patients."""
    theirs = (
        "templates/patient",
        "templates/base",
        "texts.py",
        "series_texts.py",
        "contact_texts.py",
        "waitlist_texts.py",
        "choice_texts.py",
        "way_texts.py",
    )
    return frozenset(each for template, each in extracted() if template.startswith(theirs))


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:…])\s+", text) if part]


def test_sentences_are_short() -> None:
    long = [part for _, text, _ in of_patients() for part in sentences(text) if len(part.split()) > LONGEST]
    assert long == []


def test_no_sentence_uses_a_technicians_word() -> None:
    assert [text for _, text, _ in of_patients() if DENIED.search(text)] == []


def test_nothing_is_said_in_capitals() -> None:
    assert [text for _, text, _ in of_patients() if re.search(r"\b[A-Z]{4,}\b", text)] == []


def test_every_language_that_has_a_catalogue_is_offered() -> None:
    assert sorted(Config().spoken) == sorted([SOURCE, *TRANSLATED])
    assert len(TRANSLATED) == 7


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_has_its_translation(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    for context, text, plural in of_patients():
        message = catalogue.get(text, context)
        assert message is not None, text
        assert not message.fuzzy, text
        forms = message.string if plural else (message.string,)
        assert len(forms) == (catalogue.num_plurals if plural else 1), text
        assert all(form.strip() for form in forms), text
        places = set(PLACE.findall(text))
        assert all(set(PLACE.findall(form)) == places for form in forms), text
    assert {message.id for message in catalogue if message.id and not message.pluralizable} <= {
        text for _, text, _ in of_patients()
    }


@pytest.mark.parametrize(
    "language,words",
    [
        ("ar", ["لا أحد", "شخص واحد", "شخصان", "أشخاص", "شخصًا", "شخص"]),
        ("es", ["personas", "persona", "personas", "personas", "personas", "personas"]),
        ("fr", ["personne est", "personne est", "personnes", "personnes", "personnes", "personnes"]),
        ("pt", ["pessoas", "pessoa antes", "pessoas", "pessoas", "pessoas", "pessoas"]),
        ("hi", ["व्यक्ति", "व्यक्ति", "लोग", "लोग", "लोग", "लोग"]),
        ("sw", ["Watu", "Mtu", "Watu", "Watu", "Watu", "Watu"]),
        ("am", ["ሰው አለ", "ሰው አለ", "ሰዎች", "ሰዎች", "ሰዎች", "ሰዎች"]),
    ],
)
def test_plurals_are_right_for_each_number(language: str, words: list[str]) -> None:
    found = translations(LOCALE, language)
    one, many = "%(num)s person is before you", "%(num)s people are before you"
    said = [found.ngettext(one, many, number) for number in (0, 1, 2, 5, 11, 100)]
    assert [word in sentence for word, sentence in zip(words, said, strict=True)] == [True] * 6
    assert said[1] != said[3]


def test_the_template_for_translators_is_up_to_date() -> None:
    with (LOCALE / "messages.pot").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    listed = {(each.context, *(each.id if each.pluralizable else (each.id, ""))) for each in messages}
    assert listed == of_patients()
