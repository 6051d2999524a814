"""/fhir/R4/auth/token and its description: how programs that work by themselves are let in (SMART 2.2)."""

from aiohttp.web import Request, Response, json_response
from multidict import MultiMapping

from telehealth.domain.programs import VERBS
from telehealth.domain.record import FROM_OUTSIDE, READABLE
from telehealth.fhir.parameters import refusal
from telehealth.services.programs import TOKEN_ENDPOINT
from web.body import posted
from web.keys import REQUEST_ID, SETTINGS
from web.request import services

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FIELDS = ("grant_type", "client_assertion_type", "client_assertion", "scope")


async def configuration(request: Request) -> Response:
    """Show where and how a program asks for a token."""
    scopes = [f"system/*.{verbs}" for verbs in VERBS]
    scopes += [f"system/{type_}.rs" for type_ in READABLE]
    scopes += [f"system/{type_}.cu" for type_ in FROM_OUTSIDE]
    return json_response(
        {
            "token_endpoint": f"{request.app[SETTINGS].public_url}{TOKEN_ENDPOINT}",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
            "grant_types_supported": [GRANT],
            "scopes_supported": scopes,
            "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
        }
    )


async def token(request: Request) -> Response:
    """Give a program a token for what it has signed."""
    given = await posted(request)
    grant, kind, assertion, scope = (_one(given, each) for each in FIELDS)
    if grant != GRANT:
        raise refusal("grant_type", "unknown", f"Only {GRANT} is taken.")
    if kind != ASSERTION_TYPE:
        raise refusal("client_assertion_type", "unknown", f"Only {ASSERTION_TYPE} is taken.")
    found = await services(request).record.programs.let_in(assertion, scope, request[REQUEST_ID])
    return json_response(
        {
            "access_token": found.token,
            "token_type": "bearer",
            "expires_in": int(found.life.total_seconds()),
            "scope": " ".join(found.scopes),
        },
        headers={"Pragma": "no-cache"},
    )


def _one(given: MultiMapping[str], name: str) -> str:
    """Return a parameter that stands there once (RFC 6749, 3.2)."""
    if len(given.getall(name, [])) != 1:
        raise refusal("parameters", "missing", f"Give {name} once.")
    return given[name]
