"""Which browser asks, as far as its settings differ: by the words that browsers use about themselves.

Names are good for advice only: nothing is allowed or refused by them.
"""

import re

IOS = re.compile(r"iPhone|iPad|iPod")
BROWSERS = (
    ("firefox", re.compile(r"Firefox/|FxiOS/")),
    ("samsung", re.compile(r"SamsungBrowser/")),
    ("chrome", re.compile(r"Chrome/|CriOS/|EdgiOS/|OPiOS/|OPT/|DuckDuckGo/")),
    ("safari", re.compile(r"Safari/")),
)
"""The first that fits counts: most browsers call themselves by the names of others, too."""
AGENT_LIMIT = 500
"""Characters of User-Agent that are looked at."""


def platform_of(agent: str, *, touch: bool) -> str:
    """Return `android`, `ios` or `desktop`. An iPad says that it is a Mac; no Mac can be touched."""
    if "Android" in agent:
        return "android"
    return "ios" if IOS.search(agent) or (touch and "Macintosh" in agent) else "desktop"


def browser_of(agent: str, *, touch: bool = False) -> str:
    """Return browser and platform as one word, such as `chrome-android`.

    On iPhones and iPads every browser but Safari is set up in the settings of the device: `app-ios`.
    """
    agent = agent[:AGENT_LIMIT]
    platform = platform_of(agent, touch=touch)
    name = next((name for name, words in BROWSERS if words.search(agent)), "other")
    return f"{'app' if platform == 'ios' and name != 'safari' else name}-{platform}"
