"""The files of exports: NDJSON that is sealed piece by piece as it is written, and never lies open.

They lie in DATA/exports/ID/TYPE.sealed, as records under a key of the export alone (`crypto/tape.py`).
"""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from telehealth.crypto.chance import Chance
from telehealth.crypto.errors import SealBroken
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tape import Tape, marks
from telehealth.domain.exports import Export, ExportFile, FilesLost

SUFFIX = ".sealed"
PIECE = 256 * 1024
"""Bytes that are sealed at once. A resource that is larger lies in several, for a tape has an end of what it
believes of one record (`LARGEST`): no reader would come past it."""

FREE = 20
"""So many times what is free on the disk is all of it, at the most: else no more is written."""


class SpoolFile:
    """The Spool Protocol over a folder; of each type one piece at most waits in memory."""

    def __init__(self, folder: Path, export: Export, chance: Chance) -> None:
        self._folder, self._export, self._chance = folder, export, chance
        self._files = {each.type: each for each in export.files}
        self._waiting: dict[str, list[str]] = {}
        self._sizes: dict[str, int] = {}

    async def add(self, type_: str, lines: Sequence[str]) -> None:
        """Write resources of a type behind those that are there."""
        for line in lines:
            self._waiting.setdefault(type_, []).append(line)
            self._sizes[type_] = self._sizes.get(type_, 0) + len(line)
            if self._sizes[type_] >= PIECE:
                await asyncio.to_thread(self._write, type_)

    async def close(self) -> tuple[ExportFile, ...]:
        """Put all of it on the disk, and return what there is now."""
        await asyncio.to_thread(self._finish)
        return tuple(sorted(self._files.values(), key=lambda each: each.type))

    def cut(self) -> None:
        """Cut off what was written after the last mark; raises FilesLost where less is there, or no room."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_room()
        known = {self._path(each.type): each.size for each in self._export.files}
        if any(not path.exists() or path.stat().st_size < size for path, size in known.items()):
            raise FilesLost
        for path in self._folder.iterdir():
            if path not in known:
                path.unlink()
            elif path.stat().st_size != known[path]:
                os.truncate(path, known[path])

    def _make_room(self) -> None:
        """Give up what was written where the disk gets full: notes are written to it, too."""
        usage = shutil.disk_usage(self._folder)
        if usage.free * FREE < usage.total:
            shutil.rmtree(self._folder)
            raise FilesLost

    def _finish(self) -> None:
        for type_ in list(self._waiting):
            self._write(type_)
        for type_ in self._files:
            with self._path(type_).open("rb") as file:
                os.fsync(file.fileno())

    def _write(self, type_: str) -> None:
        lines = self._waiting.pop(type_)
        self._sizes[type_] = 0
        known = self._files.get(type_, ExportFile(type_))
        text, tape = "".join(f"{each}\n" for each in lines).encode(), tape_of(self._export, type_)
        size, pieces = known.size, known.pieces
        with self._path(type_).open("ab") as file:
            for start in range(0, len(text), PIECE):
                record = tape.seal(pieces, 0, 0, text[start : start + PIECE], self._chance)
                file.write(record)
                size, pieces = size + len(record), pieces + 1
        self._files[type_] = replace(known, size=size, pieces=pieces, count=known.count + len(lines))

    def _path(self, type_: str) -> Path:
        return self._folder / f"{type_}{SUFFIX}"


class SpoolFiles:
    """The Spools Protocol over a folder."""

    def __init__(self, folder: Path, chance: Chance) -> None:
        self._folder, self._chance = folder, chance

    async def open(self, export: Export) -> SpoolFile:
        """Go on behind what `export` knows of; what was written after it is cut off.

        Raises FilesLost where that is not there any more.
        """
        found = SpoolFile(self._folder / export.id, export, self._chance)
        await asyncio.to_thread(found.cut)
        return found

    async def read(self, export: Export, file: ExportFile) -> AsyncGenerator[bytes]:
        """Return a file piece by piece; raises SealBroken where it was changed, or is not whole."""
        tape, path = tape_of(export, file.type), self._folder / export.id / f"{file.type}{SUFFIX}"
        if not path.exists():
            raise SealBroken("a file of an export is gone")
        with path.open("rb") as opened:
            found = await asyncio.to_thread(list, islice(marks(opened), file.pieces))
            if len(found) < file.pieces:
                raise SealBroken("a file of an export is not whole")
            for mark in found:
                yield await asyncio.to_thread(tape.open, mark, opened)

    async def erase_all_but(self, export_ids: Sequence[str]) -> int:
        """Delete the files of all others; returns of how many."""
        return await asyncio.to_thread(self._erase, frozenset(export_ids))

    def _erase(self, kept: frozenset[str]) -> int:
        found = list(self._folder.iterdir()) if self._folder.is_dir() else []
        gone = [each for each in found if each.name not in kept]
        for each in gone:
            shutil.rmtree(each, ignore_errors=True)
        return len(gone)


def tape_of(export: Export, type_: str) -> Tape:
    """Return what seals and opens one file of an export."""
    return Tape(bytes.fromhex(export.key), export.id, type_, Purpose.EXPORT_FILE)
