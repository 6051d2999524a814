"""Two probe peers in one process: what one sends, the other decodes and counts."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from signaling.media.peer import Introduction, NoConnection, ProbePeer, introduction
from signaling.messages import EndOfCandidates


@pytest.fixture
async def amara() -> AsyncIterator[ProbePeer]:
    peer = ProbePeer([], relay_only=False)
    yield peer
    await peer.close()


@pytest.fixture
async def bo() -> AsyncIterator[ProbePeer]:
    peer = ProbePeer([], relay_only=False)
    yield peer
    await peer.close()


async def tell(peer: ProbePeer, told: Introduction) -> None:
    for candidate in told.candidates:
        await peer.add(candidate)
    await peer.add(told.end)


async def test_both_sides_decode_sound_and_moving_pictures_of_each_other(
    amara: ProbePeer, bo: ProbePeer
) -> None:
    offer = await amara.offer()
    answer = await bo.answer(offer.sdp)
    await amara.accept(answer.sdp)
    await asyncio.gather(tell(bo, offer), tell(amara, answer))
    async with asyncio.timeout(20):
        await asyncio.gather(amara.connected(), bo.connected())
        await asyncio.gather(amara.received(25, 5), bo.received(25, 5))
    assert amara.seen.sounds >= 25
    assert bo.seen.pictures >= 5


async def test_a_description_travels_without_candidates_and_they_follow_one_by_one(amara: ProbePeer) -> None:
    offer = await amara.offer()
    assert "a=candidate" not in offer.sdp
    assert "end-of-candidates" not in offer.sdp
    assert offer.candidates
    assert all(each.candidate.startswith("candidate:") and each.mid == "0" for each in offer.candidates)
    assert offer.end.ufrag == offer.candidates[0].ufrag


async def test_only_candidates_of_this_machine_are_gathered_when_no_server_was_handed_out(
    amara: ProbePeer,
) -> None:
    offer = await amara.offer()
    assert {"host"} == {each.candidate.split()[7] for each in offer.candidates}


async def test_a_side_that_shows_no_way_to_itself_is_a_failure_and_no_endless_wait(
    amara: ProbePeer, bo: ProbePeer
) -> None:
    offer = await amara.offer()
    answer = await bo.answer(offer.sdp)
    await amara.accept(answer.sdp)
    await amara.add(EndOfCandidates(None))
    async with asyncio.timeout(20):
        with pytest.raises(NoConnection):
            await amara.connected()


async def test_relay_only_without_a_relay_is_said_in_words() -> None:
    peer = ProbePeer([], relay_only=True)
    try:
        with pytest.raises(NoConnection, match="addresses are hidden and no TURN server gave one"):
            await peer.offer()
    finally:
        await peer.close()


def test_bundled_sections_repeat_their_candidates_and_count_once() -> None:
    line = "a=candidate:1 1 udp 1 192.0.2.7 5000 typ host"
    section = ["m=audio 9 UDP/TLS/RTP/SAVPF 96", "a=mid:0", "a=ice-ufrag:pV2q", line, "a=end-of-candidates"]
    second = [each.replace("mid:0", "mid:1") for each in section]
    told = introduction("\r\n".join(["v=0", *section, *second]) + "\r\n")
    assert [each.index for each in told.candidates] == [0]
    assert told.sdp.count("m=audio") == 2
