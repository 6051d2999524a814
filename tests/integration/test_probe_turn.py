"""The probe's question to TURN servers, asked of a real one: coturn, on loopback, with the shared secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signaling.media import allocation
from signaling.media.allocation import NoRelay, RelayServer, allocate, relays_of
from signaling.media.peer import ProbePeer
from signaling.turn import Relay, ice_servers
from telehealth.probe.trouble import ProbeFailed
from tests.conftest import is_missing
from tests.integration.probing import demo_server, probe, seed
from tests.services import programs

SECRET = "a secret between two servers"


@dataclass(frozen=True)
class Coturn:
    port: int

    @property
    def urls(self) -> tuple[str, ...]:
        return (f"turn:127.0.0.1:{self.port}?transport=udp", f"turn:127.0.0.1:{self.port}?transport=tcp")

    def servers(self, secret: str = SECRET) -> list[dict[str, object]]:
        relay = Relay(urls=self.urls, secret=secret.encode())
        return ice_servers(relay, "visit", "p", datetime.now(UTC))


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    program = programs.coturn()
    if program is None:
        is_missing("coturn")
    port, folder = programs.free_port(), tmp_path_factory.mktemp("coturn")
    options = (
        "-n",
        *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}"),
        *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=telehealth"),
        *("--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers"),
        *(f"--userdb={folder / 'turn.db'}", f"--pidfile={folder / 'pid'}", "--log-file=stdout"),
    )
    log = folder / "log"
    with programs.running((program, *options), log=log, ready=lambda: programs.answers(port)):
        yield Coturn(port)


async def test_every_address_gives_a_relayed_one(coturn: Coturn) -> None:
    relays = relays_of(coturn.servers())
    assert [each.url for each in relays] == list(coturn.urls)
    for relay in relays:
        given = await allocate(relay)
        assert given.host == "127.0.0.1"
        assert given.port > 1024


async def test_credentials_of_another_secret_are_refused(coturn: Coturn) -> None:
    (first, _) = relays_of(coturn.servers("another secret"))
    with pytest.raises(NoRelay, match="refused with error 401"):
        await allocate(first)


@pytest.mark.parametrize(
    "url,words",
    [
        ("turn:127.0.0.1:9?transport=udp", "cannot be reached|does not answer"),
        ("turn:127.0.0.1:9?transport=tcp", "cannot be reached"),
        ("turn:", "no TURN address"),
        ("turns:127.0.0.1:9", "cannot be reached"),
        ("turn:nobody.invalid", "a name that nobody knows"),
    ],
)
async def test_an_address_where_no_relay_is_is_told(
    url: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocation, "PATIENCE", 1.0)
    with pytest.raises(NoRelay, match=words):
        await allocate(RelayServer(url, "name", "word"))


async def test_a_side_that_hides_its_address_offers_relayed_ones_only(coturn: Coturn) -> None:
    amara = ProbePeer(coturn.servers(), relay_only=True)
    try:
        offer = await amara.offer()
        assert {"relay"} == {each.candidate.split()[7] for each in offer.candidates}
    finally:
        await amara.close()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo") / "var"
    seed(data)
    return data


async def test_a_visit_with_hidden_addresses_is_played_over_the_relay(
    coturn: Coturn, seeded: Path, tmp_path: Path
) -> None:
    settings = {"turn_urls": ",".join(coturn.urls), "turn_secret": SECRET, "relay_only": True}
    async with demo_server(seeded, tmp_path / "var", **settings) as server:
        timeline, printed = await probe(server, turn=True)
    assert "turn" in timeline.done
    assert "2 relays work" in printed
    assert f"{coturn.urls[0]} gives the relayed address 127.0.0.1" in printed
    leads = "leads into the network behind it, to 169.254.169.254, 10.0.0.1"
    assert f"But {coturn.urls[0]} {leads}" in printed, "this one was given no list of what to deny"


async def test_a_relay_that_refuses_is_named(coturn: Coturn, seeded: Path, tmp_path: Path) -> None:
    settings = {"turn_urls": coturn.urls[1], "turn_secret": "another secret"}
    async with demo_server(seeded, tmp_path / "var", **settings) as server:
        with pytest.raises(
            ProbeFailed, match=r"failed at 'turn': .*transport=tcp refused with error 401: its secret is not"
        ):
            await probe(server, turn=True)


async def test_without_a_relay_that_is_said(seeded: Path, tmp_path: Path) -> None:
    async with demo_server(seeded, tmp_path / "var") as server:
        _, printed = await probe(server, turn=True)
    assert "no TURN server is handed out" in printed
