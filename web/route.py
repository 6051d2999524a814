"""What a route is: address, handler, who may come, how often, and the shapes of what goes in and out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp.web import AppKey, Request, StreamResponse

from web.limits import API, PAGES, PAPER, Limit

Handler = Callable[[Request], Awaitable[StreamResponse]]


class Access(StrEnum):
    """Who may come to a route; what they may do there is decided by the services.

    PUBLIC asks nothing · KNOWN looks who it is and lets everyone in · PENDING wants a staff session of any
    stage (code, lock) · STAFF wants a full one · VISITOR wants the cookie of the visit in the address, GUEST
    that of the guest there.
    """

    PUBLIC = "public"
    KNOWN = "known"
    PENDING = "pending"
    STAFF = "staff"
    VISITOR = "visitor"
    GUEST = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of the table in routes/.

    `again` shows the form once more when its submission was refused. `csrf` is off only where no session
    exists yet. To routes for `programs` these may come with a token instead of a session. `body`, `query` and
    `answer` are the shapes that the OpenAPI document describes.
    """

    method: str
    path: str
    handler: Handler
    access: Access
    name: str | None = None
    limits: tuple[Limit, ...] = (PAGES,)
    csrf: bool = True
    camera: bool = False
    again: Handler | None = None
    body: type | None = None
    query: type | None = None
    answer: type | None = None
    status: int = 200
    programs: bool = False

    @property
    def summary(self) -> str:
        """The first sentence about its handler."""
        return (self.handler.__doc__ or "").partition("\n")[0]

    @property
    def key(self) -> str:
        """Method and pattern: the name of the route in logs and audit."""
        return f"{self.method} {self.path}"


ROUTES = AppKey("routes", dict[str, Route])
"""All routes by key."""


def route_of(request: Request) -> Route | None:
    """Return the line of the table that a request matched; None for what is mounted beside it or absent."""
    resource = request.match_info.route.resource
    if resource is None:
        return None
    method = "GET" if request.method == "HEAD" else request.method
    return request.app[ROUTES].get(f"{method} {resource.canonical}")


def api(  # noqa: PLR0913 (one line of a table)
    method: str,
    path: str,
    handler: Handler,
    *,
    access: Access = Access.STAFF,
    limits: tuple[Limit, ...] = (API,),
    csrf: bool = True,
    body: type | None = None,
    query: type | None = None,
    answer: type | None = None,
    status: int = 200,
) -> Route:
    """Return a route of the JSON API; `path` is below /api/v1."""
    return Route(
        method=method,
        path=f"/api/v1{path}",
        handler=handler,
        access=access,
        limits=limits,
        csrf=csrf,
        body=body,
        query=query,
        answer=answer,
        status=status,
    )


def fhir(
    method: str,
    path: str,
    handler: Handler,
    *,
    access: Access = Access.STAFF,
    limits: tuple[Limit, ...] = (API,),
    programs: bool = False,
) -> Route:
    """Return a route of the FHIR door; `path` is below /fhir/R4."""
    return Route(
        method=method,
        path=f"/fhir/R4{path}",
        handler=handler,
        access=access,
        limits=limits,
        programs=programs,
    )


def show(
    path: str,
    handler: Handler,
    name: str,
    *,
    again: Handler | None = None,
    access: Access = Access.STAFF,
    camera: bool = False,
) -> Route:
    """Return a page; `again` shows it once more when what was asked of it was refused."""
    return Route(
        method="GET", path=path, handler=handler, name=name, again=again, access=access, camera=camera
    )


def keep(path: str, handler: Handler, name: str, *, access: Access = Access.STAFF) -> Route:
    """Return a paper: setting one takes longer than showing a page."""
    return Route(method="GET", path=path, handler=handler, name=name, access=access, limits=(PAGES, PAPER))


def post(
    path: str,
    handler: Handler,
    again: Handler | None = None,
    *,
    access: Access = Access.STAFF,
    limits: tuple[Limit, ...] = (PAGES, API),
    csrf: bool = True,
) -> Route:
    """Return a form's target; `again` shows the form once more when it was refused."""
    return Route(
        method="POST", path=path, handler=handler, again=again, access=access, limits=limits, csrf=csrf
    )
