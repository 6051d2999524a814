"""What the web door needs to know from the composition root, as one frozen value."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from telehealth.domain.access import Actor
from telehealth.domain.errors import Refused
from telehealth.services.ports import Chance, Clock

HERE = Path(__file__).resolve().parent
LOCALE = HERE / "locale"

Refusals = Callable[[Actor, Refused, str, str], Awaitable[None]]
"""Called with actor, refusal, route and request id: enters it in the audit log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Settings of the web door. `public_url` has no trailing slash; `csrf_secret` holds 32 random bytes.

    `dev_certificate` says that the certificate is of `telehealth certs`, so HSTS must not be sent.
    `trusted_proxies` are addresses whose X-Forwarded-For is believed. `reasons` returns why the process
    cannot serve just now (empty when it can), `warnings` what is in trouble and keeps nobody from being
    served.
    """

    public_url: str
    clock: Clock
    chance: Chance
    csrf_secret: bytes = field(repr=False)
    reasons: Callable[[], Awaitable[list[str]]]
    refusals: Refusals
    warnings: Callable[[], list[str]] = list
    dev_certificate: bool = False
    trusted_proxies: Sequence[str] = ()
    languages: Sequence[str] = ("en",)
    static: Path = HERE / "static"
    templates: Path = HERE / "templates"
    locale: Path = LOCALE

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service over https: decides cookie names and HSTS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def origin(self) -> str:
        """The only origin whose pages may post here."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def socket_origin(self) -> str:
        """Where the browser opens its socket, as the content security policy names it."""
        return self.origin.replace("http", "ws", 1)
