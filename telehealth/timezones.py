"""Time zones come from PyPI's `tzdata` alone, so that every node and every version agrees on the rules."""

import zoneinfo
from importlib.metadata import version


def use_packaged_zones() -> None:
    """Stop reading the operating system's rules; call once at the start of a process."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()


def tzdata_version() -> str:
    """Return the version of the rules in use, which is stored with every visit."""
    return version("tzdata")
