"""No page is forgotten: whatever has an address for people is looked at by a journey."""

from pathlib import Path

import pytest

from tests.journeys.every_page import NO_PAGES, ON_THE_WAY, looked_at
from web.routes import routes

JOURNEYS = Path(__file__).parents[2] / "journeys"


def test_every_page_is_looked_at_in_one_place() -> None:
    shown = [route.path for route in routes() if route.method == "GET" and route.name is not None]
    assert sorted(shown) == sorted([*looked_at(), *NO_PAGES])


@pytest.mark.parametrize("path", ON_THE_WAY)
def test_the_journey_named_for_a_page_takes_its_picture(path: str) -> None:
    journey, picture = ON_THE_WAY[path]
    assert f'"{picture}"' in (JOURNEYS / journey).read_text()
