"""What monitors and strangers meet at the running server: metrics on loopback only, slow heads shown out."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError, ClientSession

from telehealth import serving
from telehealth.app import assemble
from telehealth.commands.relay import watch_of
from telehealth.config import Config
from telehealth.opening import open_data
from telehealth.relay.beside import relaying
from tests.services.programs import free_port


@asynccontextmanager
async def served(data: Path, **settings: object) -> AsyncIterator[Config]:
    """A server in this process, on every address of the machine."""
    config = Config(data=data, host="0.0.0.0", port=free_port(), base_url="http://localhost", **settings)
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(open_data(config, make=True))
        assembled = assemble(opened)
        stack.callback(assembled.hashing.close)
        watch = watch_of(opened, None)
        await stack.enter_async_context(relaying(watch, None))
        await stack.enter_async_context(serving.serving(assembled, serving.Health(opened, watch)))
        yield config


def own_address() -> str:
    """Return an address of this machine beyond loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address beyond loopback")
        return str(probe.getsockname()[0])


async def test_figures_are_told_on_their_own_port(tmp_path: Path) -> None:
    async with served(tmp_path / "data", metrics_port=free_port()) as config, ClientSession() as monitor:
        public = f"http://127.0.0.1:{config.port}"
        for path in ("/health/live", "/sign-in", "/no/such/place", "/another"):
            (await monitor.get(public + path)).close()
        await asyncio.sleep(0.6)
        async with monitor.get(f"http://127.0.0.1:{config.metrics_port}/metrics") as answer:
            text = await answer.text()
        assert answer.content_type == "text/plain"
        assert 'telehealth_requests_total{route="/health/live",status="2xx"} 1' in text
        assert 'telehealth_requests_total{route="none",status="4xx"} 2' in text
        assert "/no/such" not in text
        process, stored = "sockets connections rooms event_loop_lag_seconds", "outbox_due outbox_failed"
        for name in f"{process} {stored} audit_unlinked database_up".split():
            assert re.search(rf"^telehealth_{name} [\d.]+$", text, re.MULTILINE), name


async def test_a_relay_that_is_down_is_told_and_keeps_nobody_from_being_served(tmp_path: Path) -> None:
    relay = {"turn_urls": f"turn:127.0.0.1:{free_port()}?transport=tcp", "turn_secret": "5ec3e7"}
    async with served(tmp_path / "data", **relay) as config, ClientSession() as monitor:
        async with asyncio.timeout(10):
            told = {}
            while not told.get("warnings"):
                async with monitor.get(f"http://127.0.0.1:{config.port}/health/ready") as answer:
                    told, status = await answer.json(), answer.status
    assert (status, told) == (200, {"status": "ready", "reasons": [], "warnings": ["relay"]})


async def test_figures_are_nowhere_else(tmp_path: Path) -> None:
    async with served(tmp_path / "data", metrics_port=free_port()) as config, ClientSession() as stranger:
        async with stranger.get(f"http://127.0.0.1:{config.port}/metrics") as answer:
            assert answer.status == 404
        with pytest.raises(ClientConnectionError):
            await stranger.get(f"http://{own_address()}:{config.metrics_port}/metrics")
        (await stranger.get(f"http://{own_address()}:{config.port}/health/live")).close()


async def test_without_a_port_there_are_no_figures(tmp_path: Path) -> None:
    async with served(tmp_path / "data") as config:
        assert config.metrics_port == 0


@pytest.mark.parametrize(
    "before", [b"", b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"], ids=["first", "second"]
)
async def test_whoever_drips_a_head_is_shown_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    assert serving.KEEPALIVE <= 15
    monkeypatch.setattr(serving, "KEEPALIVE", 0.5)
    async with served(tmp_path / "data") as config:
        reader, writer = await asyncio.open_connection("127.0.0.1", config.port)
        writer.write(before + b"GET /health/live HTTP/1.1\r\nHost: x\r\n")

        async def drip() -> None:
            while not writer.is_closing():
                writer.write(b"X-Slow: yes\r\n")
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        try:
            async with asyncio.timeout(5):
                while await reader.read(1000):
                    pass
        except ConnectionError:
            pass
        finally:
            dripping.cancel()
            writer.close()
