"""Whose steps are shown: browsers and platforms told apart by what they call themselves."""

import pytest
from jinja2 import Environment, FileSystemLoader

from web.browsers import browser_of, platform_of
from web.settings import HERE

ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
SAFARI = f"{MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"

KNOWN = [
    (f"{ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36", "chrome-android"),
    (f"{ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36 EdgA/141.0.0.0", "chrome-android"),
    (f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "samsung-android"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "firefox-android"),
    (f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1", "safari-ios"),
    (f"{IPHONE} CriOS/141.0.0.0 Mobile/15E148 Safari/604.1", "app-ios"),
    (f"{IPHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "app-ios"),
    (SAFARI, "safari-desktop"),
    (f"{WINDOWS}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "chrome-desktop"),
    (f"{WINDOWS}; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox-desktop"),
    ("", "other-desktop"),
]


@pytest.mark.parametrize("agent,word", KNOWN)
def test_a_browser_is_known_by_its_words(agent: str, word: str) -> None:
    assert browser_of(agent) == word


def test_an_ipad_that_says_it_is_a_mac_is_found_out_by_touch() -> None:
    assert browser_of(SAFARI, touch=True) == "safari-ios"
    assert platform_of(SAFARI, touch=True) == "ios"


def test_a_long_name_costs_nothing() -> None:
    assert browser_of("x" * 100_000 + "Firefox/1") == "other-desktop"


def test_every_browser_has_its_steps_and_no_more_than_four() -> None:
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), extensions=["jinja2.ext.i18n"])
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    module = environment.get_template("patient/steps.html").module
    steps = {**module.STEPS, "other": module.OTHER_STEPS}  # type: ignore[attr-defined]
    assert {word for _, word in KNOWN if not word.startswith("other")} <= set(steps)
    assert all(2 <= len(each) <= 4 for each in steps.values())
    assert all(
        each[-1].endswith("tap “Try again”.") for name, each in steps.items() if name != "safari-desktop"
    )
