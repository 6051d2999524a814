"""The sentences that only staff read: short, all collected, complete in every language offered to them."""

import re
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

from telehealth.domain.errors import Refused
from telehealth.domain.sentences import Sentence, say
from web.application import make_application
from web.speech import in_words
from web.translations import PATIENTS, STAFF, Catalogues, translations

ROOT = Path(__file__).parents[3]
LOCALE = ROOT / "web" / "locale"
OPTIONS = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "encoding": "utf-8"}
WORDS = dict.fromkeys(("_", "N_", "gettext", "say", "WrongState", "NotPermitted", "NotSignedIn"))
KEYWORDS = WORDS | {"FieldProblem": (3,), "refuse": (3,)}
"""As in locale/README.md: what a sentence for people is given to."""
TRANSLATED = sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{STAFF}.po"))
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
LONGEST = 20

Message = tuple[str | None, str, str]
"""Context, the English text, its plural or an empty text."""


@cache
def of_staff() -> frozenset[Message]:
    """What stands on the staff's pages, in refusals and in the staff's letters."""
    found: set[Message] = set()
    pages = ROOT / "web" / "templates"
    for _, _, message, _, context in extract_from_dir(pages, [("staff/**.html", "jinja2")], {"**": OPTIONS}):
        found.add((context, *message) if isinstance(message, tuple) else (context, message, ""))
    for folder in ("web", "web/pages", "web/api", "telehealth/domain", "telehealth/services"):
        parts = extract_from_dir(ROOT / folder, [("*.py", "python")], keywords=KEYWORDS)
        found |= {(None, str(message), "") for _, _, message, _, _ in parts}
    letters = extract_from_file("python", ROOT / "telehealth" / "notify" / "staff_texts.py")
    return frozenset(found | {(None, str(message), "") for _, message, _, _ in letters})


def refusals(kind: type[Refused] = Refused) -> Iterator[type[Refused]]:
    yield kind
    for each in kind.__subclasses__():
        yield from refusals(each)


def test_sentences_are_short() -> None:
    parts = [part for _, text, _ in of_staff() for part in re.split(r"(?<=[.?!:…])\s+", text)]
    assert [part for part in parts if len(part.split()) > LONGEST] == []


def test_the_sentence_of_every_refusal_is_collected() -> None:
    assert make_application  # imports every door that has refusals of its own
    collected = {text for _, text, _ in of_staff()}
    shown = [each for each in refusals() if each.__module__.startswith(("telehealth.", "web."))]
    assert {each.sentence for each in shown} <= collected
    assert {"That password is not right.", "At most {count}, please."} <= collected


def test_a_link_that_opens_beside_the_page_says_so() -> None:
    link = re.compile(r'<a [^>]*target="_blank".*?</a>')
    pages = [path.read_text() for path in (ROOT / "web" / "templates").rglob("*.html")]
    found = [each for page in pages for each in link.findall(page)]
    assert found
    assert [each for each in found if "{{ new_tab() }}" not in each] == []


def test_the_template_for_translators_is_up_to_date() -> None:
    with (LOCALE / "staff.pot").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    listed = {(each.context, *(each.id if each.pluralizable else (each.id, ""))) for each in messages}
    assert listed == of_staff()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_has_its_translation(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / f"{STAFF}.po").open("rb") as file:
        catalogue = read_po(file)
    for context, text, plural in of_staff():
        message = catalogue.get(text, context)
        assert message is not None, text
        assert not message.fuzzy, text
        forms = message.string if plural else (message.string,)
        assert len(forms) == (catalogue.num_plurals if plural else 1), text
        assert all(form.strip() for form in forms), text
        fewest, most = set(PLACE.findall(text)), set(PLACE.findall(text + plural))
        assert all(fewest <= set(PLACE.findall(form)) <= most for form in forms), text
    assert {each.id for each in catalogue if each.id and not each.pluralizable} <= {
        text for _, text, _ in of_staff()
    }


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("number", [0, 1, 2, 5, 11, 100])
def test_every_plural_says_its_number_and_follows_the_rule_of_patients(language: str, number: int) -> None:
    found, patients = (translations(LOCALE, language, each) for each in (STAFF, PATIENTS))
    for _, one, many in of_staff():
        if many and (number != 1 or "%(num)s" in one):
            said = found.ngettext(one, many, number)
            facts = dict.fromkeys(re.findall(r"%\((\w+)\)s", said), "?") | {"num": number}
            assert re.search(rf"(?<!\d){number}(?!\d)", said % facts), one
    assert plural_of(found, number) == plural_of(patients, number)


def plural_of(found: NullTranslations, number: int) -> int:
    form: int = found.plural(number)  # type: ignore[attr-defined] # gettext knows it by no type
    return form


def test_a_sentence_with_facts_is_said_with_them() -> None:
    class Spanish(NullTranslations):
        def gettext(self, message: str) -> str:
            return "Como máximo {count}." if message == "At most {count}, please." else message

    sentence = say("At most {count}, please.", count=3)
    assert (sentence, isinstance(sentence, Sentence)) == ("At most 3, please.", True)
    assert in_words(Spanish(), sentence) == "Como máximo 3."
    assert in_words(Spanish(), "Write {link}.") == "Write {link}."


def test_staff_are_offered_what_has_a_catalogue_of_theirs(tmp_path: Path) -> None:
    for language, domain in (("es", "messages"), ("ar", "messages"), ("es", STAFF)):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        texts = {"messages": 'msgid "Close"\nmsgstr "Cerrar"\n', STAFF: 'msgid "Admit"\nmsgstr "Admitir"\n'}
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        (folder / f"{domain}.po").write_text(head + texts[domain])
    found = Catalogues(tmp_path, ("es", "ar", "en"))
    assert found.staff_languages == ("es", "en")
    assert [found.staff("es").gettext(each) for each in ("Admit", "Close")] == ["Admitir", "Cerrar"]
    assert found.patients("es").gettext("Admit") == "Admit"
    assert translations(tmp_path, "en", STAFF).gettext("Admit") == "Admit"
