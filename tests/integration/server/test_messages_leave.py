"""A real server with mail server and gateway: the link leaves by both ways, and their reports are taken."""

import asyncio
import json
from pathlib import Path

import aiohttp

from telehealth.crypto.hooks import hook_signature
from telehealth.opening import SystemClock
from tests.integration.server.acting import Desk, signed_in, specialist, visits_of
from tests.services.gateway import TOKEN, SmsSink
from tests.services.server import Server
from tests.services.smtp import SmtpSink

SECRET = "what gateway and server share"


async def report(server: Server, reference: str, status: str) -> int:
    """What the gateway sends afterwards."""
    body = json.dumps({"reference": reference, "status": status}).encode()
    timestamp = str(int(SystemClock().now().timestamp()))
    headers = {"X-Timestamp": timestamp, "X-Signature": hook_signature(SECRET.encode(), timestamp, body)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/hooks/sms", data=body, headers=headers) as answer,
    ):
        return answer.status


async def shown(desk: Desk, visit_id: str) -> str:
    async with desk.caller.session.get(f"{desk.caller.base_url}/messages/{visit_id}") as answer:
        return await answer.text()


async def test_the_link_leaves_by_mail_and_sms_and_reports_come_back(
    tmp_path: Path, smtp_sink: SmtpSink, sms_sink: SmsSink
) -> None:
    server = Server(
        tmp_path / "data",
        smtp_url=f"smtp://{smtp_sink.host}:{smtp_sink.port}",
        mail_from="visits@care.example",
        sms_url=sms_sink.url,
        sms_token=TOKEN,
        sms_sender="Lindenau",
        sms_private="1",
        sms_hook_secret=SECRET,
    )
    await asyncio.to_thread(server.start)
    manifest = server.manifest()
    known = specialist(manifest)
    try:
        async with signed_in(server, known) as desk:
            visit = visits_of(manifest, known)[0]
            await desk.caller.post(f"/api/v1/visits/{visit['id']}/invitation")
            (mail,) = await smtp_sink.wait_for(1)
            (sms,) = await sms_sink.wait_for(1)
            plain, html, calendar = (part.get_content() for part in mail.iter_parts())
            assert visit["join_url"] in plain
            assert visit["join_url"] in html
            assert visit["join_url"] in sms["text"]
            assert "METHOD:REQUEST" in calendar
            assert sms["from"] == "Lindenau"
            assert await report(server, sms["reference"], "delivered") == 204
            assert "Delivered" in await shown(desk, visit["id"])
            assert await report(server, sms["reference"], "undelivered") == 204
            assert "Delivered" in await shown(desk, visit["id"])
    finally:
        await asyncio.to_thread(server.stop)
