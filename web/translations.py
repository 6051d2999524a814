"""The texts in each language: `locale/LANGUAGE/LC_MESSAGES/messages.po`, each with its own plural rule."""

from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

SOURCE = "en"
"""The language that the templates are written in; it needs no catalogue."""


def translations(folder: Path, language: str) -> NullTranslations:
    """Return the catalogue of `language`; the source language's texts stand in the templates themselves."""
    path = folder / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        if language != SOURCE:
            message = f"There is no catalogue for the language {language}: {path.name} is missing."
            raise FileNotFoundError(message)
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
