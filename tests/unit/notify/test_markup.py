"""The HTML part of an e-mail: the plain part's words, the reader's direction, nothing from anywhere else."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from telehealth.notify.staff_texts import STAFF_TEXTS
from telehealth.notify.texts import TEXTS
from telehealth.services.letters import Letter
from tests.unit.notify.speaking import LANGUAGES, WORDING

LINK = "https://care.example/v?lang=ar&x=1#" + "t" * 43
VALUES = {
    "minutes": "30",
    "clinic": "Hill Clinic",
    "name": "Lev Orlov",
    "practitioner": "Dr Amara <Okafor>",
    "phone": "+34600000000",
    "link": LINK,
    "code": "ABCD-EFGH",
    "page": "care.example/v",
}
AT, NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LETTER = Letter("visit-invitation", "en", "bo@home.example", VALUES, AT, "Europe/Madrid", NOW)


class Read(HTMLParser):
    """What a reader sees and what a mail program may load or follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag == "title" or (self._hidden and tag != "body")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    def attributes(self, name: str) -> list[str]:
        return [str(found[name]) for _, found in self.tags if name in found]


def bare(text: str) -> list[str]:
    """The words without marks of direction and without the colon before the link."""
    return re.sub(r"[\u200e\u200f\u2066-\u2069]", "", text).replace(":\nhttps", " https").split()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted({**TEXTS, **STAFF_TEXTS}))
def test_both_parts_say_the_same(template: str, language: str) -> None:
    said = WORDING(replace(LETTER, template=template, language=language))
    assert bare(" ".join("".join(Read(said.html).words).split("\n"))) == bare(said.text)


@pytest.mark.parametrize("template", sorted({**TEXTS, **STAFF_TEXTS}))
def test_nothing_is_loaded_and_nothing_tells_on_the_reader(template: str) -> None:
    read = Read(WORDING(replace(LETTER, template=template)).html)
    allowed = {"html", "head", "meta", "title", "body", "div", "p", "a", "b", "bdi", "br"}
    assert {tag for tag, _ in read.tags} <= allowed
    assert set(read.attributes("href")) <= {LINK, "tel:+34600000000"}
    assert not any("url(" in style for style in read.attributes("style"))
    assert read.attributes("src") == read.attributes("background") == []


def test_the_link_is_one_button_with_its_address_and_the_code_beside_it() -> None:
    html = WORDING(LETTER).html
    assert html.count("Open this link when it is time</a>") == 1
    assert html.count("ABCD-EFGH") == 1
    assert "Okafor&gt;" in html


@pytest.mark.parametrize("language,way", [("en", "ltr"), ("ar", "rtl")])
def test_the_page_knows_its_language_and_direction(language: str, way: str) -> None:
    read = Read(WORDING(replace(LETTER, language=language)).html)
    assert {"lang": language, "dir": way}.items() <= read.tags[0][1].items()
    of_facts = [found.get("dir") for tag, found in read.tags if tag == "bdi"]
    assert "ltr" in of_facts  # link, code and phone read from the left in every language


def test_right_to_left_paragraphs_begin_so_whatever_name_comes_first() -> None:
    said = WORDING(replace(LETTER, language="ar"))
    paragraphs = [each for each in said.text.split("\n\n") if each]
    assert all(each.startswith("\u200f") for each in paragraphs)
    assert said.subject.startswith("\u200f")
    assert said.sms.startswith("\u200f")
    assert "\u2068+34600000000\u2069" in said.text
    assert "\u200e+34600000000" in said.sms
    assert f"\n{LINK}\n" in said.text
