"""The first and the last steps: is the server ready, signing in with password and code, signing out."""

import asyncio
from datetime import UTC, datetime

from telehealth.crypto.totp import STEP_SECONDS, code_at, step_of
from telehealth.probe.answer import Answer
from telehealth.probe.credentials import Credentials
from telehealth.probe.http import Caller
from telehealth.probe.timeline import Timeline
from telehealth.probe.trouble import ServerRefused, Trouble
from telehealth.services.ports import Clock

MARGIN = 0.5
"""Seconds into a new half minute before its code is sent: clocks differ a little."""
SIGN_IN_SECONDS = 30 + STEP_SECONDS


async def be_ready(staff: Caller, clock: Clock, timeline: Timeline) -> None:
    """Ask whether the server can serve; note when the two clocks differ so much that codes would not fit."""
    async with timeline.step("ready"):
        await staff.get("/health/ready")
    if staff.server_time is not None:
        apart = abs((clock.now() - staff.server_time).total_seconds())
        if apart > STEP_SECONDS:
            timeline.note(
                f"This machine's clock and the server's are {apart:.0f} s apart; codes may be refused."
            )


async def sign_in(staff: Caller, credentials: Credentials, clock: Clock, timeline: Timeline) -> Answer:
    """Sign in as a specialist; return the session as the server tells it."""
    async with timeline.step("sign-in", seconds=SIGN_IN_SECONDS) as step:
        body = {"email": credentials.email, "password": credentials.password}
        staff.csrf = (await staff.post("/api/v1/session", body)).text("csrf")
        session = await _give_code(staff, credentials.totp_secret, clock, timeline)
        staff.csrf = session.text("csrf")
        session.expect("full", "stage")
        if session.text("role") != "specialist":
            raise Trouble(f"a specialist is needed and this account is of role {session.text('role')}")
        step.detail = session.text("name")
    return session


async def _give_code(staff: Caller, secret: str, clock: Clock, timeline: Timeline) -> Answer:
    """Send the present code; when it was used already (a code works once), wait for the next one."""
    at = clock.now()
    try:
        return await staff.post("/api/v1/session/code", {"code": _code(secret, step_of(at))})
    except ServerRefused as refused:
        if "wrong-code" not in refused.fields:
            raise
    turn = datetime.fromtimestamp((step_of(at) + 1) * STEP_SECONDS, UTC)
    seconds = max(0.0, (turn - clock.now()).total_seconds()) + MARGIN
    timeline.note(
        f"The code was refused; it may have been used before. Waiting {seconds:.0f} s for the next."
    )
    await asyncio.sleep(seconds)
    return await staff.post("/api/v1/session/code", {"code": _code(secret, step_of(at) + 1)})


def _code(secret: str, step: int) -> str:
    try:
        return code_at(secret.replace(" ", "").upper(), step)
    except ValueError as error:
        raise Trouble("the TOTP secret is not base32 text") from error


async def sign_out(staff: Caller, timeline: Timeline) -> None:
    """Sign out, and see that the session opens nothing any more."""
    async with timeline.step("sign-out"):
        kept = staff.cookies()
        await staff.delete("/api/v1/session")
        if await staff.still_opens("/api/v1/clinic", kept):
            raise Trouble("the clinic's list still opens after signing out")
