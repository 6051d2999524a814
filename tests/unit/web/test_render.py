"""Templates that are compiled once speak each language all the same."""

from pathlib import Path

from web.render import Renderer
from web.settings import LOCALE
from web.translations import Catalogues

LANGUAGES = ("en", "sw")
PAGE = """{{ _("Today") }} {{ "ar"|language_named }}"""


def test_what_one_language_has_compiled_speaks_the_next_ones_words(tmp_path: Path) -> None:
    (tmp_path / "staff").mkdir()
    (tmp_path / "staff" / "page.html").write_text(PAGE)
    renderer = Renderer(tmp_path, LANGUAGES, Catalogues(LOCALE, LANGUAGES))
    english, swahili = (renderer.render(each, "staff/page.html", {}) for each in LANGUAGES)
    assert english == "Today Arabic"
    assert swahili == "Leo Kiarabu"
