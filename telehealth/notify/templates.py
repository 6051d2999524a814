"""Puts letters into words: the reader's language where there is a catalogue, the reader's wall time."""

from collections.abc import Mapping
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_timezone

from telehealth.notify.texts import HELP, TEXTS
from telehealth.services.letters import Letter, NotDelivered, Rendered

SOURCE = "en"


class Wording:
    """Renders letters; call it as the `render` of Delivery."""

    def __init__(self, catalogues: Mapping[str, NullTranslations] | None = None) -> None:
        """`catalogues` are the translations by language; English needs none."""
        self._catalogues = {SOURCE: NullTranslations(), **(catalogues or {})}

    def __call__(self, letter: Letter) -> Rendered:
        """Return subject and plain text; raise NotDelivered (`no-template`) for an unknown template."""
        text = TEXTS.get(letter.template)
        if text is None:
            raise NotDelivered("no-template", final=True)
        language = self._language(letter.language)
        say = self._catalogues[language].gettext
        facts = {name: one_line(value) for name, value in letter.values.items()} | when(letter, language)
        subject = say(text.subject).format(**facts)
        paragraphs = [say(each).format(**facts) for each in text.paragraphs]
        if facts.get("phone"):
            paragraphs.append(say(HELP).format(**facts))
        return Rendered(subject, "\n\n".join(paragraphs) + "\n")

    def _language(self, wanted: str) -> str:
        """Return the language that can be spoken: as wanted, its base language, or English."""
        for each in (wanted, wanted.partition("-")[0]):
            if each in self._catalogues:
                return each
        return SOURCE


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters: a name makes no paragraph and no header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def when(letter: Letter, language: str) -> dict[str, str]:
    """Return day, time and the zone's name, as the language writes them."""
    locale, zone = Locale.parse(language, sep="-"), get_timezone(letter.zone)
    local = letter.at.astimezone(zone)
    return {
        "day": format_date(local.date(), "full", locale=locale),
        # A narrow space before AM breaks in old mail programs.
        "time": format_time(letter.at, "short", tzinfo=zone, locale=locale).replace("\u202f", "\u00a0"),
        "zone": format_datetime(letter.at, "zzzz", tzinfo=zone, locale=locale),
    }
