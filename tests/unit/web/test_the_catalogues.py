"""What every catalogue keeps: the sentence's end, its own script, the names of buttons, its plain plurals."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from web.settings import LOCALE
from web.translations import SOURCE, translations

TRANSLATED = sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/messages.po"))
SCRIPTS = {"am": "ETHIOPIC", "ar": "ARABIC", "hi": "DEVANAGARI"}
"""All others are written in Latin letters."""
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
ENDS = {".": ".।።", "?": "?؟", ":": ":፦", "…": "…"}
FOREIGN = re.compile(r"JavaScript|Safari|iPhone|iPad|aA|“[A-Za-z ]+” \([^)]+\)")
"""Names; and labels that phones show in English, whose makers speak none of it, with the words for them."""
STRANGE = {
    "am": "[.,;:]",
    "ar": "[,;?]",
    "fr": "[،؛؟፣።।]|[^\u00a0][?!;:»]|«[^\u00a0]",  # a space that does not break stands before these
    "hi": r"\.(?!\w)|[،፣]",
}
"""Signs that a language does not write, or not so."""
TRY_AGAIN = re.compile(r"tap “?Try again”?\.")
QUOTES = str.maketrans("", "", "“”«»")
NUMBERS = (0, 1, 2, 5, 11, 100)


@cache
def catalogue(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file)


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Every English text with each of its renderings."""
    for message in catalogue(language):
        if message.id and isinstance(message.id, str):
            yield message.id, str(message.string)
        elif message.id:
            yield from ((message.id[1], form) for form in message.string)


def scripts(text: str) -> set[str]:
    """The scripts of a text's letters."""
    letters = (letter for letter in unicodedata.normalize("NFKC", text) if letter.isalpha())
    return {unicodedata.name(letter).split()[0] for letter in letters}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_says_whether_a_native_reader_has_read_it(language: str) -> None:
    head = path_of(language).read_text().partition("msgid")[0]
    assert re.search("Written without a native reader|Read by a native reader", head)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_ends_as_its_sentence_does(language: str) -> None:
    marks = "".join(ENDS.values())
    for text, said in pairs(language):
        ends = ENDS.get(text[-1], "")
        assert said[-1] in ends if ends else said[-1] not in marks, (text, said)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_keeps_to_its_own_script_but_for_names(language: str) -> None:
    own = SCRIPTS.get(language, "LATIN")
    words = [FOREIGN.sub("", PLACE.sub("", said)) for _, said in pairs(language)]
    assert [each for each in words if not scripts(each) <= {own}] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_punctuation_is_the_scripts_own(language: str) -> None:
    foreign = STRANGE.get(language, "[،؛؟፣።।]")
    assert [said for _, said in pairs(language) if re.search(foreign, PLACE.sub("", said))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_left_in_english(language: str) -> None:
    left = [text for text, said in pairs(language) if text == said and len(PLACE.sub("", said).split()) > 2]
    assert left == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_button_is_called_what_it_says(language: str) -> None:
    button = dict(pairs(language))["Try again"]
    naming = [said for text, said in pairs(language) if TRY_AGAIN.search(text)]
    assert len(naming) >= 3
    assert [said for said in naming if button not in said.translate(QUOTES)] == []


@pytest.mark.parametrize("language", [SOURCE, *TRANSLATED])
def test_every_plural_says_its_number(language: str) -> None:
    found: NullTranslations = translations(LOCALE, language)
    plurals = [message.id for message in catalogue(TRANSLATED[0]) if message.pluralizable and message.id]
    assert len(plurals) >= 3
    for one, many in plurals:
        said = [found.ngettext(one, many, number) % {"num": number} for number in NUMBERS]
        assert [str(number) in each for number, each in zip(NUMBERS, said, strict=True)] == [True] * 6
