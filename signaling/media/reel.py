"""One recording on disk: packets become clusters of a second, each sealed and written before the next begins.

Nothing of the media is ever written in clear, and nothing is held back longer than a cluster: a recorder that
is killed loses what is in memory, and what was written opens (telehealth/crypto/tape.py).
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from telehealth.crypto.chance import Chance
from telehealth.crypto.tape import KEYFRAME, PICTURE, Tape
from telehealth.domain import webm

SUFFIX = ".tape"
CLUSTER_MS = 1000
CLUSTER_BYTES = 2 * 1024 * 1024
"""Whichever comes first ends a cluster."""


@dataclass(slots=True)
class Writer:
    """One tape being written: one participant's picture, and everybody's sound."""

    tape: Tape
    file: int
    chance: Chance
    records: int = 0
    packets: list[webm.Packet] = field(default_factory=list)
    held: int = 0
    last: dict[int, int] = field(default_factory=dict)
    failed: bool = False
    """Nothing more is written after a write that failed: what follows it could not be read."""

    def take(self, packet: webm.Packet) -> None:
        """Take one packet; a whole picture begins a cluster, so that players can jump to it."""
        time = max(packet.time, self.last.get(packet.track, 0))
        self.last[packet.track] = time
        packet = webm.Packet(packet.track, time, packet.data, packet.key)
        if self.packets and ((packet.track == webm.PICTURE and packet.key) or self.held > CLUSTER_BYTES):
            self.flush()
        self.packets.append(packet)
        self.held += len(packet.data)

    def due(self, now: int) -> bool:
        """Whether the cluster under way is as long as one may be."""
        return bool(self.packets) and now - self.packets[0].time >= CLUSTER_MS

    def flush(self) -> None:
        """Seal and write the cluster under way."""
        if not self.packets:
            return
        packets, self.packets, self.held = self.packets, [], 0
        time = min(each.time for each in packets)
        pictures = [each for each in packets if each.track == webm.PICTURE]
        flags = PICTURE * bool(pictures) | KEYFRAME * bool(pictures and pictures[0].key)
        clear = webm.cluster(time, [each for each in packets if each.time - time < webm.LONGEST_CLUSTER])
        sealed = self.tape.seal(self.records, time, flags, clear, self.chance)
        if not self.failed and _written(self.file, sealed):
            self.records += 1
        else:
            self.failed = True


class Reel:
    """All tapes of one recording, over its pauses: the time of what is not written is cut out."""

    def __init__(
        self, folder: Path, recording: str, key: bytes, chance: Chance, now: Callable[[], float]
    ) -> None:
        """`now` gives seconds that only rise. The folder of the recording is made here."""
        self._folder, self._recording, self._key = folder / recording, recording, key
        self._chance, self._now = chance, now
        self._writers: dict[str, Writer] = {}
        self._before, self._began = 0, now()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def time(self) -> int:
        """The ms that are recorded by now."""
        return self._before + round((self._now() - self._began) * 1000)

    def begin(self) -> None:
        """What follows is another part, right after what there is."""
        self._began = self._now()

    def view(self, participant: str) -> None:
        """Begin a tape for this participant, if there is none yet."""
        if participant in self._writers:
            return
        path = self._folder / f"{participant}{SUFFIX}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        tape = Tape(self._key, self._recording, participant)
        self._writers[participant] = Writer(tape, file, self._chance)

    def sound(self, packet: webm.Packet) -> None:
        """Take sound, which every tape has."""
        for each in self._writers.values():
            each.take(packet)

    def picture(self, participant: str, packet: webm.Packet) -> None:
        """Take a picture of one participant."""
        self._writers[participant].take(packet)

    def tick(self) -> None:
        """Write clusters that have lasted a second; raises OSError once one could not be written."""
        now = self.time
        for each in self._writers.values():
            if each.due(now):
                each.flush()
        if any(each.failed for each in self._writers.values()):
            raise OSError("the recording cannot be written")

    def sync(self) -> None:
        """Wait until what was written is on disk; may be called from another thread."""
        for each in list(self._writers.values()):
            os.fdatasync(each.file)

    def hold(self) -> None:
        """End the part under way: what came until now is written."""
        for each in self._writers.values():
            each.flush()
        self._before = max([self.time, *(t for each in self._writers.values() for t in each.last.values())])
        self._began = self._now()

    def close(self) -> dict[str, int]:
        """End the recording; return how many records each tape has."""
        writers, self._writers = self._writers, {}
        with ExitStack() as files:
            for each in writers.values():
                files.callback(os.close, each.file)
            for each in writers.values():
                os.fdatasync(each.file)
        return {participant: each.records for participant, each in writers.items()}


def _written(file: int, sealed: bytes) -> bool:
    try:
        return os.write(file, sealed) == len(sealed)
    except OSError:
        return False
