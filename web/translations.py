"""The texts in each language, from `locale/LANGUAGE/LC_MESSAGES`, each with its own plural rule.

There are two domains: `messages` is what patients read, `staff` is what only staff read. A patient's page
never sees the second; a page of staff looks there first and then in the first.
"""

from collections.abc import Sequence
from copy import copy
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from aiohttp.web import AppKey
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

SOURCE = "en"
"""The language that the sentences are written in; it needs no catalogue."""
PATIENTS, STAFF = "messages", "staff"


class Catalogues:
    """The catalogues of every language that is offered, read at the start."""

    def __init__(self, folder: Path, languages: Sequence[str]) -> None:
        """`staff_languages` are those that the pages of staff speak, the source language at least."""
        self._patients = {each: translations(folder, each) for each in languages}
        spoken = [each for each in languages if each == SOURCE or catalogue(folder, each, STAFF).is_file()]
        self.staff_languages = tuple(spoken) or (SOURCE,)
        self._staff = {each: translations(folder, each, STAFF) for each in self.staff_languages}

    def patients(self, language: str) -> NullTranslations:
        """Return what patients read in a language that is offered."""
        return self._patients[language]

    def staff(self, language: str) -> NullTranslations:
        """Return what staff read in one of `staff_languages`."""
        return self._staff[language]


CATALOGUES = AppKey("catalogues", Catalogues)


def catalogue(folder: Path, language: str, domain: str) -> Path:
    """Return the file of a language's catalogue."""
    return folder / language.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"


def translations(folder: Path, language: str, domain: str = PATIENTS) -> NullTranslations:
    """Return a domain's texts in a language, those of staff over those of patients.

    The source language's texts stand where they are said. Raises FileNotFoundError for a missing catalogue.
    """
    if language == SOURCE and not catalogue(folder, language, domain).is_file():
        return NullTranslations()
    path = catalogue(folder, language, domain)
    if not path.is_file():
        message = f"There is no catalogue for the language {language}: {path.name} is missing."
        raise FileNotFoundError(message)
    found = copy(_read(path, language, path.stat().st_mtime_ns))
    if domain == STAFF:
        found.add_fallback(translations(folder, language))
    return found


@cache
def _read(path: Path, language: str, _changed: int) -> NullTranslations:
    """Return a catalogue that nobody changes; messages and pages ask for the same ones at the start."""
    with path.open("rb") as file:
        texts = read_po(file, locale=language.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return Translations(compiled)
