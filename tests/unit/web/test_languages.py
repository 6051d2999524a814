"""Which language an answer speaks, in which direction; and plurals by each catalogue's own rule."""

import re
from pathlib import Path

import pytest

from web.language import colon, comma, direction, match, name_in, own_name, preferences
from web.negotiation import accepted
from web.translations import translations

WEB = Path(__file__).parents[3] / "web"


def test_the_header_is_read_in_order_of_wish() -> None:
    assert preferences("fr;q=0.5, es-MX, en;q=0.8, de;q=0, xx;q=oops") == ["es-MX", "en", "fr"]


@pytest.mark.parametrize(
    "wanted,found", [("es-MX", "es"), ("ES", "es"), ("pt_BR", "pt-BR"), ("pt", ""), ("xx", ""), ("", "")]
)
def test_a_wish_meets_what_is_offered(wanted: str, found: str) -> None:
    assert match(wanted, ["en", "es", "pt-BR"]) == found


def test_the_parts_of_a_list_have_the_comma_of_their_language() -> None:
    assert [comma(each) for each in ("en", "pt-BR", "ar-EG", "am")] == [", ", ", ", "، ", "፣ "]


def test_no_template_and_no_script_writes_a_comma_of_its_own_between_what_it_shows() -> None:
    own = re.compile(r"""(?:</\w+>|[}%]\}), ?(?:<|\{[{%])|join\(", "\)""")
    places = [*(WEB / "templates").rglob("*.html"), *(WEB / "client" / "src").rglob("*.ts")]
    assert [path.name for path in places if own.search(path.read_text())] == []


def test_a_label_has_the_colon_of_its_language() -> None:
    assert [colon(each) for each in ("en", "fr-CA", "ar", "am")] == [": ", "\u00a0: ", ": ", "፦ "]


def test_no_template_writes_a_colon_of_its_own_after_a_label() -> None:
    own = re.compile(r"(?:</\w+>|[}%]\}): ?(?:<|\{[{%])")
    assert [path.name for path in (WEB / "templates").rglob("*.html") if own.search(path.read_text())] == []


def test_directions_and_own_names() -> None:
    assert (direction("ar"), direction("ar-EG"), direction("es")) == ("rtl", "rtl", "ltr")
    assert own_name("es") == "español"
    assert [name_in(each, "en") for each in ("es", "ar", "am")] == ["inglés", "الإنجليزية", "እንግሊዝኛ"]


@pytest.mark.parametrize("tag", ["xx", "tlh", "e", "", "-", "en-", "\u202e", "a" * 99])
def test_a_language_without_a_name_is_called_by_its_tag(tag: str) -> None:
    assert own_name(tag) == name_in("es", tag) == tag


def test_a_coding_with_quality_zero_is_not_accepted() -> None:
    assert accepted("br;q=0, gzip;q=1.0, deflate") == {"gzip", "deflate"}


CATALOGUE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: ar\n"
"Plural-Forms: nplurals=6; "
"plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\n"

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "zero"
msgstr[1] "one"
msgstr[2] "two"
msgstr[3] "few"
msgstr[4] "many"
msgstr[5] "other"
"""


def test_plurals_follow_the_catalogues_own_header(tmp_path: Path) -> None:
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(CATALOGUE)
    found = translations(tmp_path, "ar")
    words = [found.ngettext("%(num)s day", "%(num)s days", number) for number in (0, 1, 2, 5, 11, 100)]
    assert words == ["zero", "one", "two", "few", "many", "other"]


def test_a_language_without_its_catalogue_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no catalogue for the language fr"):
        translations(tmp_path, "fr")
    assert translations(tmp_path, "en").gettext("Sign in") == "Sign in"
