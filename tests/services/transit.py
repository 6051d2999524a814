"""A stand-in for the transit engine of HashiCorp Vault (its HTTP API), for tests of the key service.

Vault comes through no registry of ours. This one does what its documentation says of `encrypt`, `decrypt`,
`keys` and `rotate`: versions, `key_version`, `associated_data`, tokens (403), being sealed (503), errors as
`{"errors": […]}`.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from telehealth.crypto.chance import SystemChance

CHANCE = SystemChance()
TOKEN = "s.let-me-in"
SIZE, NONCE = 32, 12


@dataclass
class Engine:
    """One key with its versions, and what can be wrong with the service."""

    name: str = "telehealth"
    type: str = "aes256-gcm96"
    versions: list[bytes] = field(default_factory=lambda: [CHANCE.token(SIZE)])
    sealed: bool = False
    mute: bool = False
    """Whether it answers with what nobody can read anything from."""
    closes: bool = False
    """Whether a connection ends with each answer."""
    asked: list[str] = field(default_factory=list)
    hangs: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)

    def answer(self, token: str, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Return status and body."""
        self.asked.append(path)
        parts = path.removeprefix("/v1/transit/").split("/")
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token != TOKEN or parts[1] != self.name:
            return (404 if token == TOKEN else 403), {"errors": ["permission denied"]}
        return self._done(method, parts, body)

    def _done(self, method: str, parts: list[str], body: dict[str, Any]) -> tuple[int, Any]:
        match method, parts[0], parts[2:]:
            case "GET", "keys", []:
                return 200, {"data": {"type": self.type, "latest_version": len(self.versions)}}
            case "POST", "keys", ["rotate"]:
                self.versions.append(CHANCE.token(SIZE))
                return 204, None
            case "POST", "encrypt", []:
                return self._encrypt(body)
            case "POST", "decrypt", []:
                return self._decrypt(body)
        return 405, {"errors": ["unsupported operation"]}

    def _encrypt(self, body: dict[str, Any]) -> tuple[int, Any]:
        version = int(body.get("key_version", 0)) or len(self.versions)
        nonce = CHANCE.token(NONCE)
        cipher = AESGCM(self.versions[version - 1])
        sealed = nonce + cipher.encrypt(
            nonce, b64decode(body["plaintext"]), b64decode(body["associated_data"])
        )
        return 200, {"data": {"ciphertext": f"vault:v{version}:{b64encode(sealed).decode()}"}}

    def _decrypt(self, body: dict[str, Any]) -> tuple[int, Any]:
        try:
            _, version, text = body["ciphertext"].split(":")
            sealed, cipher = b64decode(text, validate=True), AESGCM(self.versions[int(version[1:]) - 1])
            plain = cipher.decrypt(sealed[:NONCE], sealed[NONCE:], b64decode(body["associated_data"]))
        except (InvalidTag, ValueError, IndexError):
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": b64encode(plain).decode()}}


@contextmanager
def transit(engine: Engine) -> Generator[str]:
    """Serve the engine on a free port of this machine, and give the address of its key."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            if engine.hangs.is_set():
                engine.goes_on.wait(30)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            status, found = engine.answer(self.headers["X-Vault-Token"], self.command, self.path, body)
            found = {"data": {}} if engine.mute and "decrypt" in self.path else found
            found = [] if engine.mute and self.command == "GET" else found
            content = b"" if found is None else json.dumps(found).encode()
            with suppress(ConnectionError):  # whoever asked has given up
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            self.close_connection = engine.closes

        do_GET = do_POST = answer  # noqa: N815 (the names that http.server looks for)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its base's name)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/transit/keys/{engine.name}"
    finally:
        engine.goes_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
