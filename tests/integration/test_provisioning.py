"""The servers and the browser that other tests build on are really there."""

import os
from pathlib import Path

import aiosmtplib
import asyncpg
import pytest
from playwright.async_api import Browser
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.services.postgresql import PostgreSQL
from tests.services.smtp import SmtpSink


async def test_postgresql_answers_and_is_durable(postgresql_url: str) -> None:
    connection = await asyncpg.connect(postgresql_url.replace("+asyncpg", ""))
    try:
        assert await connection.fetchval("SELECT 1") == 1
        assert await connection.fetchval("SHOW fsync") == "on"
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
    finally:
        await connection.close()


def test_postgresql_does_not_run_as_root(postgresql_server: PostgreSQL) -> None:
    data = Path(postgresql_server.execute("SHOW data_directory"))
    assert data.stat().st_uid != 0 or os.geteuid() != 0


async def test_every_test_gets_an_empty_database(database_url: str) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE thing (id INTEGER PRIMARY KEY)"))
    finally:
        await engine.dispose()


async def test_a_second_test_finds_nothing_of_the_first(database_url: str) -> None:
    await test_every_test_gets_an_empty_database(database_url)


async def test_ranges_and_identifiers_can_be_excluded_together(postgresql_server: PostgreSQL) -> None:
    with postgresql_server.database() as url:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute("CREATE EXTENSION btree_gist")
        await connection.execute(
            "CREATE TABLE booking "
            "(room TEXT, during TSTZRANGE, EXCLUDE USING gist (room WITH =, during WITH &&))"
        )
        # Left open on purpose: the fixture drops the database all the same.
        connection.terminate()


async def test_redis_answers(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    try:
        assert await redis.ping()
    finally:
        await redis.aclose()


@pytest.mark.parametrize("subject", ["Your visit", "நாளை உங்கள் சந்திப்பு"])
async def test_a_mail_arrives_as_it_was_sent(smtp_sink: SmtpSink, subject: str) -> None:
    mail = f"From: clinic@example.org\r\nTo: bo@example.org\r\nSubject: {subject}\r\n\r\nOpen this link.\r\n"
    await aiosmtplib.send(
        mail.encode(),
        sender="clinic@example.org",
        recipients=["bo@example.org"],
        hostname=smtp_sink.host,
        port=smtp_sink.port,
    )
    (received,) = await smtp_sink.wait_for(1)
    assert received["Subject"] == subject
    assert received["X-RcptTo"] == "bo@example.org"
    assert received.get_content().strip() == "Open this link."


@pytest.mark.journey
async def test_chromium_shows_a_page(browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto("data:text/html,<title>Here</title><h1>Good morning</h1>")
    assert await page.title() == "Here"
    assert await page.locator("h1").inner_text() == "Good morning"


@pytest.mark.journey
async def test_chromium_has_a_camera_and_a_microphone(browser: Browser) -> None:
    page = await browser.new_page()
    await page.route("**/*", lambda route: route.fulfill(body="<video>", content_type="text/html"))
    await page.goto("http://localhost/")
    kinds = await page.evaluate(
        "navigator.mediaDevices.getUserMedia({audio: true, video: true})"
        ".then(stream => stream.getTracks().map(track => track.kind).sort())"
    )
    assert kinds == ["audio", "video"]
