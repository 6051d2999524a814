"""Sets papers as PDF: tagged for screen readers (PDF/UA-1), in all scripts spoken, without a network."""

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import typst

from telehealth.papers.sheet import Block, Sheet

TEMPLATE = "sheet.typ"
FONTS = (
    ("fontpkg_noto_sans", "files"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("fontpkg_noto_sans_devanagari", "files"),
    ("justmytype_intl_africa", "fonts"),
)
"""Packages that hold the fonts, and where in them: Latin, Arabic, Devanagari, Ethiopic."""
AT_ONCE = 2
"""So many papers are set at the same time: each takes some 30 ms of a core."""
GROUPS = {"dt": "pair", "dd": "pair"}
ALONE = frozenset({"h1", "h2", "p"})


class Typesetter:
    """Sets papers beside the event loop, a few at a time; the others wait their turn."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def pdf(self, sheet: Sheet) -> bytes:
        """Return the paper as PDF."""
        async with self._turns:
            return await asyncio.to_thread(set_sheet, sheet)


def set_sheet(sheet: Sheet) -> bytes:
    """Return the paper as PDF/UA-1; as plain tagged PDF where it holds a sign that no font has."""
    try:
        return _compiled(sheet, ["ua-1"])
    except typst.TypstError:
        return _compiled(sheet, [])


def _compiled(sheet: Sheet, standards: "list[typst.PDFStandard]") -> bytes:
    told = {
        "title": sheet.title,
        "language": sheet.language,
        "direction": sheet.direction,
        "groups": list(_groups(sheet.blocks)),
    }
    made = typst.compile(
        _template(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(told)},
        pdf_standards=standards,
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one file.")
    return made


def _groups(blocks: tuple[Block, ...]) -> Iterator[dict[str, object]]:
    """Put what belongs together together: the points of a list, the pairs, what stands small."""

    def group(at: tuple[int, Block]) -> tuple[str, int]:
        place, block = at
        kind = "small" if block.small else GROUPS.get(block.kind, block.kind)
        return kind, place if kind in ALONE else -1

    for (kind, _), members in groupby(enumerate(blocks), group):
        yield {"kind": kind, "blocks": [{"runs": [_run(run) for run in each.runs]} for _, each in members]}


def _run(run: object) -> dict[str, object]:
    return {name: getattr(run, name) for name in ("text", "strong", "language")}


@cache
def _template() -> bytes:
    return files(__package__).joinpath(TEMPLATE).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Read the fonts once: they stay the same for as long as the process lives."""
    folders = [Path(str(files(package))) / folder for package, folder in FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
