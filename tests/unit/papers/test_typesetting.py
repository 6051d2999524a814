"""Papers as PDF: readable by machines and screen readers, in every script, with nothing run as code."""

import asyncio
import io

import pytest
from pypdf import PdfReader

from telehealth.papers.sheet import read_sheet
from telehealth.papers.typesetting import Typesetter, set_sheet

PAGE = (
    '<html lang="{lang}" dir="{dir}"><h1>{text}</h1>'
    "<dl><dt>a</dt><dd>b</dd></dl><ul><li>{text}</li></ul></html>"
)


def paper(text: str, lang: str = "en", direction: str = "ltr") -> PdfReader:
    return PdfReader(io.BytesIO(set_sheet(read_sheet(PAGE.format(lang=lang, dir=direction, text=text)))))


@pytest.mark.parametrize(
    "lang, direction, text",
    [
        ("en", "ltr", "Your visit"),
        ("hi", "ltr", "आपकी मुलाक़ात"),
        ("am", "ltr", "የጉብኝትዎ ማጠቃለያ"),
        ("ar", "rtl", "زيارتك"),
    ],
)
def test_a_paper_says_its_language_and_title_and_tags_its_parts(lang: str, direction: str, text: str) -> None:
    made = paper(text, lang, direction)
    root = made.trailer["/Root"]
    assert str(root["/Lang"]).startswith(lang)
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert made.metadata is not None
    assert made.metadata.title == text
    tags = str(tagged(root["/StructTreeRoot"]))
    assert all(f"/{tag}" in tags for tag in ("H1", "L", "LI"))


def tagged(node: object) -> list[object]:
    """The kinds of a tree of tags, from the outside in."""
    kids = node.get("/K", []) if hasattr(node, "get") else []
    inner = (
        [each.get_object() if hasattr(each, "get_object") else each for each in kids]
        if isinstance(kids, list)
        else [kids.get_object()]
    )
    kind = [str(node.get("/S"))] if hasattr(node, "get") and node.get("/S") else []
    return kind + [found for each in inner if hasattr(each, "get") for found in tagged(each)]


def test_what_somebody_wrote_is_never_run() -> None:
    told = '#panic() $x$ *b* _i_ `c` = title // gone \\ "q" #sys.inputs'
    assert told in " ".join(paper(told.replace('"', "&quot;")).pages[0].extract_text().split())


def test_a_sign_that_no_font_has_costs_the_mark_of_the_standard_and_not_the_paper() -> None:
    made = paper("Take 2 \U0001f48a a day")
    assert b"pdfuaid:part" not in made.trailer["/Root"]["/Metadata"].get_data()
    assert "Take 2" in made.pages[0].extract_text()


async def test_papers_are_set_beside_the_event_loop() -> None:
    typesetter = Typesetter()
    sheet = read_sheet(PAGE.format(lang="en", dir="ltr", text="Long " * 2000))
    setting = asyncio.ensure_future(typesetter.pdf(sheet))
    turns = 0
    while not setting.done():
        turns += 1
        await asyncio.sleep(0)
    assert (await setting).startswith(b"%PDF")
    assert turns > 10
