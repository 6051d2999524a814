"""A narrative is text and its form: what runs, loads or hides is refused."""

import pytest

from telehealth.fhir.validation.narrative import narrative_problem

OPEN = '<div xmlns="http://www.w3.org/1999/xhtml"'


@pytest.mark.parametrize(
    "inside",
    [
        "Weight 72.5 kg",
        '<table class="grid"><tr><td colspan="2" style="color: red">72.5</td></tr></table>',
        '<a href="Observation/1#x">there</a> <a href="#y">here</a> <a href="mailto:a@b.example">write</a>',
        '<img src="data:image/png;base64,aGk=" alt=""/>',
        '<p xml:lang="en" lang="en">&lt;script&gt; &#160;</p>',
        "<!-- a remark --> seen",
    ],
)
def test_formatted_text_passes(inside: str) -> None:
    assert narrative_problem(f"{OPEN}>{inside}</div>") == ""


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<p onclick='alert(1)'>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java&#10;script:alert(1)'>x</a>",
        "<a href='JaVaScRiPt:alert(1)'>x</a>",
        "<a href='data:text/html;base64,aGk='>x</a>",
        "<img src='vbscript:x'/>",
        "<iframe src='https://x.example'/>",
        "<form>x</form>",
        "<svg xmlns='http://www.w3.org/2000/svg'>x</svg>",
        "<p xmlns:x='urn:x' x:class='y'>x</p>",
        "<p style='background: url(https://x.example)'>x</p>",
        "<p style='width: expression(1)'>x</p>",
        "<p style='background: u\\72l(https://x.example)'>x</p>",
        "<style>p{}</style>",
        "<p>unclosed",
        "&nbsp;x",
        "&x;",
        "<?php x ?>y",
        " ",
        "<p/>",
        "<b>" * 120 + "x" + "</b>" * 120,
        "<br/>" * 20_000 + "x",
    ],
)
def test_everything_else_is_refused(inside: str) -> None:
    assert narrative_problem(f"{OPEN}>{inside}</div>")


@pytest.mark.parametrize(
    "hidden",
    [
        "<!--><img src='x' onerror='alert(1)'>-->",
        "<!---><img src='x' onerror='alert(1)'>-->",
        "<![CDATA[><img src='x' onerror='alert(1)'>]]>",
    ],
)
def test_nothing_hides_from_xml_what_a_browser_would_read_as_html(hidden: str) -> None:
    assert narrative_problem(f"{OPEN}>seen {hidden}</div>")


@pytest.mark.parametrize(
    "div",
    [
        "<div>no namespace</div>",
        '<p xmlns="http://www.w3.org/1999/xhtml">no div</p>',
        f'<!DOCTYPE div [<!ENTITY x "y">]>{OPEN}>&x;</div>',
        f'<!DOCTYPE div SYSTEM "https://x.example/x.dtd">{OPEN}>y</div>',
        f'<?xml version="1.0" encoding="no-such"?>{OPEN}>y</div>',
        f'<?xml version="1.0" encoding="shift_jis"?>{OPEN}><p style="u\\72l(x)">y</p></div>',
        "plain",
    ],
)
def test_it_is_one_div_and_nothing_around_it(div: str) -> None:
    assert narrative_problem(div)
