"""What every catalogue keeps: the sentence's end, its own script, the names of buttons, its plain plurals."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from web.settings import LOCALE
from web.translations import PATIENTS, SOURCE, STAFF, translations
from web.translations import catalogue as path_of

TRANSLATED = sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{PATIENTS}.po"))
CATALOGUES = [
    (each, domain)
    for domain in (PATIENTS, STAFF)
    for each in TRANSLATED
    if path_of(LOCALE, each, domain).is_file()
]
SCRIPTS = {"am": "ETHIOPIC", "ar": "ARABIC", "hi": "DEVANAGARI"}
"""All others are written in Latin letters."""
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
ENDS = {".": ".।።", "?": "?؟", ":": ":፦", "…": "…"}
FOREIGN = re.compile(r"JavaScript|Safari|iPhone|iPad|aA|“[A-Za-z ]+” \([^)]+\)")
"""Names; and labels that phones show in English, whose makers speak none of it, with the words for them."""
CODES = re.compile(
    r"(?:[0-9-]+T)?[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\+[0-9:]+)?|\+[0-9]{2}:[0-9]{2}"
    r"|Content-Type: application/json|Idempotency-Key|telehealth cluster add service"
    r"|(?<![A-Za-z])(?:Ctrl|ID|JPEG|JSON|MB|PDF|PNG|SMS|UTC|Z|ar|en|es|pt-BR|true|false)(?![A-Za-z])"
)
"""What staff type or read as it stands: keys, codes, times, what is put before programs."""
SHORT = {"hi": r"(?:डॉ|मि|से)\."}
"""Abbreviations that end with a full stop, which ends no sentence."""
STRANGE = {
    "am": "[.,;:]",
    "ar": "[,;?]",
    "fr": "[،؛؟፣።।]|[^\u00a0][?!;:»]|«[^\u00a0]",  # a space that does not break stands before these
    "hi": r"\.(?!\w)|[،፣]",
}
"""Signs that a language does not write, or not so."""
OTHER_NAMES = {"es": "consultas?", "fr": "visites?", "pt": "visitas?"}
"""What a visit is called in other places: one thing has one name in a language, whoever reads it."""
TRY_AGAIN = re.compile(r"tap “?Try again”?\.")
QUOTES = str.maketrans("", "", "“”«»")
NUMBERS = (0, 1, 2, 5, 11, 100)


@cache
def catalogue(language: str, domain: str = PATIENTS) -> Catalog:
    with path_of(LOCALE, language, domain).open("rb") as file:
        return read_po(file)


def pairs(language: str, domain: str = PATIENTS) -> Iterator[tuple[str, str]]:
    """Every English text with each of its renderings."""
    for message in catalogue(language, domain):
        if message.id and isinstance(message.id, str):
            yield message.id, str(message.string)
        elif message.id:
            yield from ((message.id[1], form) for form in message.string)


def own_words(language: str, said: str) -> str:
    """What is left of a text without the codes in it and without the stops of its abbreviations."""
    return re.sub(SHORT.get(language, "(?!)"), "", CODES.sub("", PLACE.sub("", said)))


def scripts(text: str) -> set[str]:
    """The scripts of a text's letters."""
    letters = (letter for letter in unicodedata.normalize("NFKC", text) if letter.isalpha())
    return {unicodedata.name(letter).split()[0] for letter in letters}


@pytest.mark.parametrize("language, domain", CATALOGUES)
def test_a_catalogue_says_whether_a_native_reader_has_read_it(language: str, domain: str) -> None:
    head = path_of(LOCALE, language, domain).read_text().partition("msgid")[0]
    assert re.search("Written without a native reader|Read by a native reader", head)


@pytest.mark.parametrize("language, domain", CATALOGUES)
def test_a_translation_ends_as_its_sentence_does(language: str, domain: str) -> None:
    marks = "".join(ENDS.values())
    for text, whole in pairs(language, domain):
        ends, said = ENDS.get(text[-1], ""), re.sub(SHORT.get(language, "(?!)"), "–", whole)
        assert said[-1] in ends if ends else said[-1] not in marks, (text, said)


@pytest.mark.parametrize("language, domain", CATALOGUES)
def test_a_language_keeps_to_its_own_script_but_for_names(language: str, domain: str) -> None:
    own = SCRIPTS.get(language, "LATIN")
    words = [FOREIGN.sub("", own_words(language, said)) for _, said in pairs(language, domain)]
    assert [each for each in words if not scripts(each) <= {own}] == []


@pytest.mark.parametrize("language, domain", CATALOGUES)
def test_punctuation_is_the_scripts_own(language: str, domain: str) -> None:
    foreign = STRANGE.get(language, "[،؛؟፣።।]")
    texts = [said for _, said in pairs(language, domain)]
    assert [said for said in texts if re.search(foreign, own_words(language, said))] == []


@pytest.mark.parametrize("language, domain", CATALOGUES)
def test_a_visit_is_called_by_one_name(language: str, domain: str) -> None:
    other = re.compile(rf"\b(?:{OTHER_NAMES.get(language, '(?!)')})\b", re.IGNORECASE)
    assert [said for _, said in pairs(language, domain) if other.search(said)] == []


@pytest.mark.parametrize("language, domain", CATALOGUES)
def test_no_sentence_is_left_in_english(language: str, domain: str) -> None:
    same = [text for text, said in pairs(language, domain) if text == said]
    left = [text for text in same if len(own_words(language, text).split()) > 2]
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
