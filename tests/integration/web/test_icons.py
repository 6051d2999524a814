"""Icons of the patient's pages: each stands in the page that uses it, or came with a part fetched before."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.web.hospital import Hospital, hospital_at
from tests.integration.web.journeys import booked, opened, waiting

ICONS = {each.stem for each in Path("web/client/src/icons").glob("*.svg")}


@pytest.fixture
async def drawn(tmp_path: Path) -> AsyncIterator[Hospital]:
    """A hospital whose build holds the sprite."""
    symbols = "".join(f'<symbol id="{name}"><path d="M0 0"/></symbol>' for name in sorted(ICONS))
    (tmp_path / "icons-1.svg").write_text(f"<svg>{symbols}</svg>")
    (tmp_path / "manifest.json").write_text('{"icons.svg": "icons-1.svg"}')
    async with hospital_at(tmp_path) as door:
        yield door


def used(page: str) -> set[str]:
    return set(re.findall(r'<use href="#([a-z-]+)"', page))


def standing(page: str) -> set[str]:
    return set(re.findall(r'<symbol id="([a-z-]+)"', page))


async def test_every_first_view_has_the_icons_that_it_uses(drawn: Hospital) -> None:
    nobody = await drawn.visitor()
    pages = [(await nobody.get(path)).text for path in ("/v", "/test", "/v/new-link", "/v/offline")]
    appointment = await booked(drawn)
    bo = await opened(drawn, appointment)
    pages.append((await bo.get(f"/v/{appointment['visit']}")).text)
    for page in pages:
        assert used(page) <= standing(page)
    assert used((await nobody.get("/v/aside")).text) <= standing(pages[0])


async def test_who_waits_has_the_icons_of_the_waiting_room(drawn: Hospital) -> None:
    visit, _, bo = await waiting(drawn)
    page = (await bo.get(f"/v/{visit}")).text
    assert 'data-view="wait"' in page
    assert 'data-view="join"' not in page
    late = {"words"}  # on a button that stays hidden until the part is there that brings all others
    assert used(page) - late <= standing(page)


async def test_the_views_after_the_check_bring_all_other_icons(drawn: Hospital) -> None:
    nobody = await drawn.visitor()
    page, part = [(await nobody.get(path)).text for path in ("/v", "/v/waiting")]
    assert standing(page) | standing(part) == ICONS
    assert not standing(page) & standing(part)
    assert used((await nobody.get("/v/in-call")).text) | used(part) <= ICONS
