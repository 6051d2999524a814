"""One frozen value holds every setting; `SETTINGS` says each one's variable, default and meaning."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "TELEHEALTH_"
HERE = Path("var")
WORDS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
LOG_LEVELS = frozenset({"debug", "info", "warning", "error"})
HIGHEST_PORT = 65535
FIRST_FREE_PORT, FEWEST_PORTS = 1024, 100
PORTS = re.compile(r"(\d{4,5})-(\d{4,5})")
HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]{2,45}")
OURSELVES = frozenset({"localhost", "127.0.0.1", "::1"})
VAULT_KEY = re.compile(r"/v1/[\w./-]{1,200}/keys/[\w.-]{1,100}")
SMS_SENDER = re.compile(r"[A-Za-z0-9 ]{1,11}|\+?[0-9]{3,15}")
SCHEMES = {
    "base_url": ("http", "https"),
    "database_url": ("sqlite", "sqlite+aiosqlite", "postgres", "postgresql", "postgresql+asyncpg"),
    "smtp_url": ("smtp", "smtps"),
    "sms_url": ("https", "http"),
    "vault_url": ("https", "http"),
}
"""What the URLs among the settings may begin with."""


class BadSetting(ValueError):
    """A variable holds something that cannot be used; the text names it."""


def setting(default: object, meaning: str, *, secret: bool = False) -> Any:
    """Declare one setting with its default and its line in the README's table."""
    return field(default=default, repr=not secret, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting. The variable of `base_url` is TELEHEALTH_BASE_URL, and so on."""

    host: str = setting("localhost", "address to listen on; beyond this machine HTTPS is served, see `certs`")
    port: int = setting(8080, "port to listen on")
    data: Path = setting(HERE, "folder for everything that lives: database, logs, audit anchors")
    base_url: str = setting("", "public URL that links are built from; default is made from host and port")
    database_url: str = setting("", "SQLAlchemy URL; default is SQLite in the data folder", secret=True)
    key_dir: str = setting(
        "", "folder of the key-encryption key and the wrapped patient keys; default data/keys"
    )
    key: str = setting("", "the key-encryption key itself (64 hex digits) instead of a key file", secret=True)
    vault_url: str = setting(
        "", "https://HOST:8200/v1/transit/keys/NAME: a key of Vault or OpenBao instead of a key file"
    )
    vault_token: str = setting("", "token for it", secret=True)
    vault_token_file: str = setting("", "file that holds the token, read at each use: an agent may renew it")
    tls_cert: str = setting("", "PEM certificate to serve HTTPS with")
    tls_key: str = setting("", "PEM private key of that certificate")
    trusted_proxies: str = setting("", "comma-separated addresses whose X-Forwarded-For is believed")
    smtp_url: str = setting(
        "", "smtp://user:password@host:port or smtps://…; empty prints mail to the terminal", secret=True
    )
    mail_from: str = setting("telehealth@localhost", "sender of e-mail")
    sms_url: str = setting("", "https:// address of the SMS gateway, see telehealth/notify/README.md")
    sms_token: str = setting("", "bearer token for the SMS gateway", secret=True)
    sms_sender: str = setting("Telehealth", "sender of SMS: up to 11 letters and digits, or a number")
    sms_private: bool = setting(False, "allow an SMS gateway on a private address, and one without TLS")
    sms_hook_secret: str = setting("", "secret that the SMS gateway signs its reports with", secret=True)
    hook_hosts: str = setting(
        "", "comma-separated hosts on private addresses that programs may be told of news at"
    )
    turn_urls: str = setting("", "comma-separated TURN URLs handed to people in a call")
    turn_secret: str = setting("", "shared secret of the TURN server (REST credentials)", secret=True)
    relay_only: bool = setting(False, "hide addresses: calls go through the TURN relay only")
    metrics_port: int = setting(0, "loopback port for metrics; 0 is off")
    log_level: str = setting("info", "debug, info, warning or error")
    demo: bool = setting(False, "seed and keep fresh the demo cluster")
    relay: bool = setting(False, "start a TURN relay (coturn) beside the server and hand it out")
    relay_port: int = setting(3478, "its port, for UDP, TCP and TLS")
    relay_host: str = setting("", "name or address by which people reach it; default is the public URL's")
    relay_address: str = setting("", "IPv4 address that the world knows this machine by, behind a NAT")
    recorder: bool = setting(False, "start the recorder beside the server and offer recording with consent")
    recorder_apart: bool = setting(
        False, "offer recording; `telehealth recorder` runs by itself on this DATA"
    )
    recording_days: int = setting(30, "days that a recording is kept")
    retention_years: int = setting(10, "years that a record is kept after its last entry, against erasure")
    sfu: bool = setting(False, "start an SFU (Janus) beside the server: it carries calls of many people")
    sfu_port: int = setting(8188, "its port on this machine, for the service alone")
    sfu_above: int = setting(4, "calls of more people than this go through it: 2 to 4")
    sfu_media_ports: str = setting("40000-44999", "its UDP ports for media; a firewall must let them in")
    sfu_address: str = setting("", "IPv4 address that the world knows this machine by, behind a NAT")
    languages: str = setting("en,es,fr,pt,ar,hi,sw,am", "comma-separated languages, most wanted first")

    @property
    def public_url(self) -> str:
        """The URL that people use, without a trailing slash."""
        if self.base_url:
            return self.base_url.rstrip("/")
        scheme = "https" if self.serves_https else "http"
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def serves_https(self) -> bool:
        """Whether this process itself speaks TLS."""
        return bool(self.tls_cert) or not (self.loopback or self.base_url)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in OURSELVES

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service over https: decides cookie names and HSTS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def keys_at(self) -> Path:
        """Where keys live."""
        return Path(self.key_dir) if self.key_dir else self.data / "keys"

    @property
    def records(self) -> bool:
        """Whether recording with consent is offered."""
        return self.recorder or self.recorder_apart

    @property
    def recorder_socket(self) -> Path:
        """Where the recorder listens."""
        return self.data / "recorder" / "recorder.sock"

    @property
    def tapes(self) -> Path:
        """Where recordings lie, sealed."""
        return self.data / "recordings"

    @property
    def exports(self) -> Path:
        """Where files that programs asked for lie, sealed."""
        return self.data / "exports"

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages offered, most wanted first."""
        return tuple(part.strip() for part in self.languages.split(",") if part.strip())

    @property
    def hooked(self) -> frozenset[str]:
        """Hosts that programs may be told of news at although their addresses are private."""
        return frozenset(part.strip().lower() for part in self.hook_hosts.split(",") if part.strip())

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'telehealth.sqlite'}"


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()


def from_environment(environment: Mapping[str, str]) -> Config:
    """Build the configuration; raise BadSetting naming the variable that cannot be used."""
    values: dict[str, object] = {}
    for each in fields(Config):
        text = environment.get(variable(each.name))
        if text is not None and text != "":
            values[each.name] = _parse(variable(each.name), text, each.default)
    config = Config(**values)  # type: ignore[arg-type]
    _check(config)
    return config


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """Return the TELEHEALTH_ variables that no setting reads: the start warns of them."""
    known = {variable(each.name) for each in fields(Config)}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _parse(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.strip().lower() not in WORDS:
            raise BadSetting(f"{name} must be true or false, not {text!r}.")
        return WORDS[text.strip().lower()]
    if isinstance(default, int):
        if not text.strip().isdigit():
            raise BadSetting(f"{name} must be a whole number, not {text!r}.")
        return int(text)
    if isinstance(default, Path):
        return Path(text)
    return text


def _check(config: Config) -> None:
    """Raise BadSetting for what cannot be used; a text that may hold a password is not repeated."""
    for name, lowest in (("port", 1), ("metrics_port", 0), ("relay_port", 1), ("sfu_port", 1)):
        if not lowest <= getattr(config, name) <= HIGHEST_PORT:
            raise BadSetting(f"{variable(name)} must be between {lowest} and {HIGHEST_PORT}.")
    _check_kept(config)
    if config.log_level.lower() not in LOG_LEVELS:
        raise BadSetting(f"{variable('log_level')} must be debug, info, warning or error.")
    for name, schemes in SCHEMES.items():
        if not _usable_url(getattr(config, name), schemes):
            raise BadSetting(f"{variable(name)} must be a URL that begins with {' or '.join(schemes)}://.")
    _check_sms(config)
    _check_relay(config)
    _check_vault(config)
    if config.tls_cert and not config.loopback and not config.base_url:
        raise BadSetting(
            f"With a certificate of your own, set {variable('base_url')} to the https:// URL that it is for."
        )


def _check_kept(config: Config) -> None:
    """Raise BadSetting where something would be kept for no time at all."""
    for name in ("recording_days", "retention_years"):
        if getattr(config, name) < 1:
            raise BadSetting(f"{variable(name)} must be at least 1.")


def _check_sms(config: Config) -> None:
    """Raise BadSetting for a gateway without TLS in the open, and for a sender that is none."""
    if config.sms_url.startswith("http://") and not config.sms_private:
        raise BadSetting(f"{variable('sms_url')} must be a URL that begins with https://.")
    if not SMS_SENDER.fullmatch(config.sms_sender):
        raise BadSetting(f"{variable('sms_sender')} must be 1 to 11 letters and digits, or a number.")


def _check_vault(config: Config) -> None:
    """Raise BadSetting for an address that names no key, or in the open, and for a missing token."""
    if not config.vault_url:
        return
    parts = urlsplit(config.vault_url)
    if not VAULT_KEY.fullmatch(parts.path):
        raise BadSetting(f"{variable('vault_url')} must name a key: https://HOST:8200/v1/transit/keys/NAME.")
    if parts.scheme == "http" and parts.hostname not in OURSELVES:
        raise BadSetting(f"{variable('vault_url')} must be a URL that begins with https://.")
    if not (config.vault_token or config.vault_token_file):
        raise BadSetting(
            f"{variable('vault_url')} needs {variable('vault_token')} or {variable('vault_token_file')}."
        )


def _check_relay(config: Config) -> None:
    """Raise BadSetting where two relays are asked for, and for what is no name or address."""
    if config.relay and config.turn_urls:
        raise BadSetting(
            f"{variable('relay')} starts a relay and {variable('turn_urls')} names one: set one."
        )
    if config.relay_host and not HOST.fullmatch(config.relay_host):
        raise BadSetting(f"{variable('relay_host')} must be a name or an address.")
    media_ports(config.sfu_media_ports)
    if not 2 <= config.sfu_above <= 4:  # noqa: PLR2004 - the two of a visit, and what a phone can send to
        raise BadSetting(f"{variable('sfu_above')} must be between 2 and 4.")
    for name in ("relay_address", "sfu_address"):
        if getattr(config, name) and not _is_ipv4(getattr(config, name)):
            raise BadSetting(f"{variable(name)} must be an IPv4 address.")


def media_ports(text: str) -> tuple[int, int]:
    """Return the lowest and the highest port of a range; raises BadSetting."""
    found = PORTS.fullmatch(text)
    low, high = (int(found[1]), int(found[2])) if found else (0, 0)
    if not FIRST_FREE_PORT <= low < low + FEWEST_PORTS <= high + 1 <= HIGHEST_PORT:
        name = variable("sfu_media_ports")
        raise BadSetting(f"{name} must be a range of {FEWEST_PORTS} ports or more, such as 40000-44999.")
    return low, high


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def _usable_url(text: str, schemes: tuple[str, ...]) -> bool:
    if not text:
        return True
    try:
        parts = urlsplit(text)
        whole = parts.port is None or parts.port > 0
    except ValueError:
        return False
    needs_host = not parts.scheme.startswith(("sqlite", "postgres"))
    return "://" in text and parts.scheme in schemes and whole and bool(parts.hostname or not needs_host)
