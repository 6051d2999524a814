"""Telling programs of news over real TLS: what arrives, what does not count, and where nothing ever goes."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp.web import Application, AppRunner, Request, Response, TCPSite

from telehealth.notify.hooks import HttpsHook
from telehealth.services.ports import NotTold
from tests.integration.notify.test_email_tls import certificates
from tests.services import programs

__all__ = ["certificates"]

SECRET = ("Authorization: Bearer of the laboratory", "X-House: hill")


@dataclass
class Laboratory:
    """A program that hears of news, and what it heard."""

    port: int
    trust: ssl.SSLContext
    status: int = 200
    heard: list[tuple[str, str, str, str]] = field(default_factory=list)

    def hook(self, *private: str) -> HttpsHook:
        return HttpsHook(private=private or ("127.0.0.1",), trust=self.trust)

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}/news?x=1"

    async def take(self, request: Request) -> Response:
        said = request.headers.get
        body = await request.text()
        self.heard.append((said("Authorization", ""), said("X-House", ""), said("Content-Type", ""), body))
        moved = {"Location": f"http://127.0.0.1:{self.port}/elsewhere"}
        return Response(status=self.status, headers=moved if self.status == 302 else {})


@pytest.fixture
async def laboratory(certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> AsyncIterator[Laboratory]:
    server, trust = certificates
    found = Laboratory(programs.free_port(), trust)
    application = Application()
    application.router.add_post("/{any:.*}", found.take)
    runner = AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", found.port, ssl_context=server).start()
    yield found
    await runner.cleanup()


async def refused(laboratory: Laboratory, hook: HttpsHook, address: str = "") -> tuple[str, bool]:
    with pytest.raises(NotTold) as raised:
        await hook.tell(address or laboratory.address, SECRET, "")
    return raised.value.code, raised.value.final


async def test_news_arrive_with_the_programs_own_headers(laboratory: Laboratory) -> None:
    await laboratory.hook().tell(laboratory.address, SECRET, '{"resourceType":"Bundle"}')
    await laboratory.hook().tell(laboratory.address, (), "")
    first, second = laboratory.heard
    assert first == (
        "Bearer of the laboratory",
        "hill",
        "application/fhir+json",
        '{"resourceType":"Bundle"}',
    )
    assert (second[0], second[3]) == ("", "")


@pytest.mark.parametrize("status", [302, 400, 401, 410, 503])
async def test_nothing_but_a_success_counts(laboratory: Laboratory, status: int) -> None:
    laboratory.status, final = status, status == 410
    code, given_up = await refused(laboratory, laboratory.hook())
    assert (code, given_up) == ("gone" if final else f"status-{status}", final)
    assert len(laboratory.heard) == 1, "a redirect is not followed"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
async def test_a_private_address_hears_nothing_unless_its_host_is_named(
    laboratory: Laboratory, host: str
) -> None:
    address = laboratory.address.replace("127.0.0.1", host)
    assert await refused(laboratory, laboratory.hook("other.example"), address) == ("private-address", True)
    assert laboratory.heard == []


async def test_who_cannot_be_trusted_or_reached_is_tried_again(laboratory: Laboratory) -> None:
    assert await refused(laboratory, HttpsHook(private=("127.0.0.1",))) == ("tls-refused", False)
    nobody = f"https://127.0.0.1:{programs.free_port()}/"
    assert await refused(laboratory, laboratory.hook(), nobody) == ("unreachable", False)
    plain = laboratory.address.replace("https", "http")
    assert await refused(laboratory, laboratory.hook(), plain) == ("no-tls", True)
    assert laboratory.heard == []
