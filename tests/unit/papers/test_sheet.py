"""Papers as they are written: which elements they have, and what is read from them."""

import pytest

from telehealth.papers.sheet import ISOLATES, RELEASE, Block, Run, read_sheet


def test_words_are_read_with_language_weight_and_their_own_direction() -> None:
    sheet = read_sheet(
        '<!doctype html><html lang="ar" dir="rtl">\n<h1>ملخص</h1>\n'
        '<p>a <strong>b</strong>\n  <bdi lang="en">c &lt;d&gt;</bdi><br>e</p></html>'
    )
    assert (sheet.language, sheet.direction, sheet.title) == ("ar", "rtl", "ملخص")
    assert sheet.blocks[1] == Block(
        "p",
        runs=[
            Run("a "),
            Run("b", strong=True),
            Run(" "),
            Run(ISOLATES[""], language="en"),
            Run("c <d>", language="en"),
            Run(RELEASE, language="en"),
            Run("\n"),
            Run("e"),
        ],
    )


def test_what_stands_in_the_footer_is_small_and_what_is_empty_is_left_out() -> None:
    sheet = read_sheet("<h1>A</h1><p> </p><footer><p>b</p></footer><p>c</p>")
    assert [(each.kind, each.small) for each in sheet.blocks] == [("h1", False), ("p", True), ("p", False)]


@pytest.mark.parametrize(
    "page, why",
    [
        ("<p>No title</p>", "needs a title"),
        ("<h1>A</h1><script>x</script>", "no element 'script'"),
        ("<h1>A</h1><img src=x>", "no element 'img'"),
        ("<h1>A</h1><strong>loose</strong><bdi>b</bdi>", "stand in a heading"),
    ],
)
def test_what_papers_do_not_have_is_refused(page: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_sheet(page)
