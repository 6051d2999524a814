"""`telehealth cluster`: add the organizations, sites and services of a real installation, and list them."""

from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from telehealth.commands.staff import named
from telehealth.config import Config
from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.organizations import OrganizationKind, SiteKind
from telehealth.opening import open_data
from telehealth.services.places import NewOrganization, NewService, NewSite, Places


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("cluster", help="add and list organizations, sites and services")
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    kinds = parts.add_parser("add", help="add a place").add_subparsers(metavar="KIND", required=True)
    organization = kinds.add_parser("organization", help="a member of the cluster")
    organization.add_argument("--name", required=True)
    organization.add_argument("--kind", required=True, choices=[kind.value for kind in OrganizationKind])
    organization.add_argument("--phone", required=True, help="help line for patients, as +493005550100")
    organization.add_argument("--language", default="en")
    organization.set_defaults(run=run_organization)
    site = kinds.add_parser("site", help="a place where it works, with its time zone")
    site.add_argument("--organization", required=True, help="name or id")
    site.add_argument("--name", required=True)
    site.add_argument("--kind", required=True, choices=[kind.value for kind in SiteKind])
    site.add_argument("--zone", required=True, help="IANA time zone, as Europe/Berlin")
    site.add_argument("--address", default="", help="where patients come to, in one line")
    site.set_defaults(run=run_site)
    service = kinds.add_parser("service", help="what can be booked")
    service.add_argument("--organization", required=True, help="name or id")
    service.add_argument("--name", required=True)
    service.add_argument("--specialty", default="")
    service.add_argument("--minutes", required=True, type=int, help="length of a visit")
    service.add_argument("--pause", default=0, type=int, help="minutes that the specialist has after it")
    service.set_defaults(run=run_service)
    parts.add_parser("list", help="list everything").set_defaults(run=run_list)


async def run_organization(config: Config, options: Namespace) -> int:
    """Add an organization."""
    new = NewOrganization(options.name, OrganizationKind(options.kind), options.phone, options.language)
    async with _places(config) as places:
        made = await places.add_organization(SYSTEM, new)
    return _tell(made.name, made.id)


async def run_site(config: Config, options: Namespace) -> int:
    """Add a site."""
    async with _places(config) as places:
        actor = await _acting(places, options.organization)
        new = NewSite(
            actor.organization_id, options.name, SiteKind(options.kind), options.zone, options.address
        )
        made = await places.add_site(actor, new)
    return _tell(made.name, made.id)


async def run_service(config: Config, options: Namespace) -> int:
    """Add what can be booked."""
    async with _places(config) as places:
        actor = await _acting(places, options.organization)
        new = NewService(
            actor.organization_id, options.name, options.specialty, options.minutes, options.pause
        )
        made = await places.add_service(actor, new)
    return _tell(made.name, made.id)


async def run_list(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """List every organization with its sites and services."""
    async with _places(config) as places:
        for each in await places.listed(SYSTEM):
            print(f"{each.organization.name}  ({each.organization.kind}, {each.organization.phone})")
            for site in each.sites:
                print(f"  site     {site.name:<32} {site.kind}, {site.zone}")
            for service in each.services:
                pause = f" + {service.buffer_minutes}" if service.buffer_minutes else ""
                print(f"  service  {service.name:<32} {service.minutes}{pause} minutes")
    return 0


@asynccontextmanager
async def _places(config: Config) -> AsyncGenerator[Places]:
    async with open_data(config) as opened:
        yield Places(work=opened.work)


async def _acting(places: Places, organization: str) -> Actor:
    """Return the system as an actor of the organization with this name or id; raises BadInput."""
    known = [each.organization for each in await places.listed(SYSTEM)]
    return replace(SYSTEM, organization_id=named(known, organization, "organization").id)


def _tell(name: str, place_id: str) -> int:
    print(f"Added {name}, {place_id}")
    return 0
