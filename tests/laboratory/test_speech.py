"""On 40 kbit/s people understand each other: the picture goes, the voice stays, the picture returns."""

import asyncio

from tests.conftest import is_missing
from tests.laboratory import scoring
from tests.laboratory.line import Line
from tests.laboratory.router import missing
from tests.laboratory.talk import ONE_WAY, Side, talk
from tests.services import programs

NARROW = Line(delay=ONE_WAY, rate=5000)
SOUND_ONLY = "() => me.states.at(-1) === 'audio-only'"
PICTURE = (
    "() => me.states.at(-1) !== 'audio-only' && me.numbers().then((it) => it.frames > window.__frames + 5)"
)
FRAMES = "() => me.numbers().then((it) => (window.__frames = it.frames))"
A_ROUND, ROUNDS = 15.5, 3
"""Seconds in which every sentence is said once; how many rounds a busy machine may need to play one well."""
UNDERSTOOD = 0.75


async def rounds(sides: dict[str, Side]) -> float:
    """Return how well the worse side understands the other in the first good round, else in the last one."""
    worse = 0.0
    for _ in range(ROUNDS):
        for side in sides.values():
            await side.begins()
        await asyncio.sleep(A_ROUND)
        worse = min([scoring.mean(await side.understood()) for side in sides.values()])
        if worse >= UNDERSTOOD:
            break
    return worse


async def test_a_voice_is_understood_on_40_kbit_and_the_picture_comes_back_with_the_line(
    chromium_path: str,
) -> None:
    if lack := missing():
        is_missing(lack)
    if programs.espeak() is None:
        is_missing("espeak-ng")
    async with talk(chromium_path) as two, two.ours({"bo": NARROW}) as sides:
        for side in sides.values():
            await side.page.wait_for_function(SOUND_ONLY, timeout=20_000)
        for side in sides.values():
            await side.begins()
        heard = await rounds(sides)
        two.lab.line("bo", Line(delay=ONE_WAY))
        for side in sides.values():
            await side.page.evaluate(FRAMES)
            await side.page.evaluate("me.room.brighten()")
        for side in sides.values():
            await side.page.wait_for_function(PICTURE, timeout=20_000)
            assert await side.page.evaluate("me.errors") == []
        assert heard >= UNDERSTOOD
