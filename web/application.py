"""Builds the web application: middlewares, routes and what they share; sockets are mounted elsewhere."""

from base64 import urlsafe_b64encode

from aiohttp.web import Application, Request, StreamResponse, middleware

from telehealth.observability import enter_request, leave_request
from telehealth.papers.typesetting import Typesetter
from web.compress import compress
from web.errors import refusals
from web.guard import guard
from web.headers import set_headers
from web.keys import LANGUAGE, NONCE, REQUEST_ID, SERVICES, SETTINGS, Services
from web.language import choose, remember
from web.limits import LIMITS, Limits
from web.line import HANDLING
from web.papers import TYPESETTER
from web.render import RENDERER, Renderer
from web.route import ROUTES, Handler, Route
from web.routes import routes
from web.settings import WebSettings
from web.statics import STATICS, Statics
from web.translations import CATALOGUES, Catalogues

LARGEST_REQUEST = 1024 * 1024
"""Bytes; no form or JSON body here comes near it."""
NONCE_BYTES = 18
"""A multiple of three: no padding in base64."""


@middleware
async def opening(request: Request, handler: Handler) -> StreamResponse:
    """Give the request its id, nonce and language, and pack the answer for the line."""
    settings = request.app[SETTINGS]
    request[REQUEST_ID] = settings.chance.identifier(settings.clock.now())
    request[NONCE] = urlsafe_b64encode(settings.chance.token(NONCE_BYTES)).decode()
    request[LANGUAGE] = choose(request, settings.languages)
    token = enter_request(request[REQUEST_ID])
    try:
        response = await handler(request)
    finally:
        leave_request(token)
    if not response.prepared:
        remember(request, response)
    compress(request, response)
    return response


def make_application(services: Services, settings: WebSettings) -> Application:
    """Return the application, ready to be served or to have sockets mounted beside its routes."""
    application = Application(
        middlewares=[opening, refusals, guard], client_max_size=LARGEST_REQUEST, handler_args=HANDLING
    )
    application[SETTINGS] = settings
    application[SERVICES] = services
    application[STATICS] = Statics(settings.static)
    application[CATALOGUES] = Catalogues(settings.locale, settings.languages)
    application[RENDERER] = Renderer(settings.templates, settings.languages, application[CATALOGUES])
    application[LIMITS] = Limits(settings.clock)
    application[TYPESETTER] = Typesetter()
    table = routes()
    application[ROUTES] = {route.key: route for route in table}
    for route in table:
        _add(application, route)
    application.on_response_prepare.append(set_headers)
    return application


def _add(application: Application, route: Route) -> None:
    if route.method == "GET":
        application.router.add_get(route.path, route.handler, name=route.name)
    else:
        application.router.add_route(route.method, route.path, route.handler, name=route.name)
