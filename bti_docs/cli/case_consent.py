"""`case consent`: a person has read a signed form, or heard what the family says."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from bti_docs.app.consents import Noted, Spoken, note_consent
from bti_docs.app.office import Office
from bti_docs.app.settling import read_consent
from bti_docs.cli.people import people_text
from bti_docs.cli.shell import DAY, REF, choices, command, group_of, open_here, say, show
from bti_docs.core.consent import in_force, service_label
from bti_docs.core.events import ChainId
from bti_docs.core.references import Reference, show_reference
from bti_docs.errors import UsageError

OUTCOMES = ("given", "refused", "withdrawn")


def register(case: click.Group) -> None:
    """Add the commands."""
    consent = group_of(case, "consent")
    _read(consent)
    _note(consent)


def _read(group: click.Group) -> None:
    @click.argument("ref", type=REF)
    @click.option("--without", multiple=True, metavar="SERVICE")
    @click.option("--limit", "limits", multiple=True, metavar="SERVICE=TEXT")
    @click.option("--until", type=DAY)
    @click.option("--why", default="")
    def consent_read(
        ctx: click.Context,
        ref: Reference,
        limits: tuple[str, ...],
        **said: Any,  # noqa: ANN401
    ) -> None:
        """Say what a signed consent gives, having read it."""
        office = open_here(ctx)
        case = read_consent(office, ref, limits=dict(map(_limit, limits)), **said)
        found = next((c for c in case.consents if c.ref == ref), None)
        services = list(found.services) if found else []
        waits = sorted(found.asked - found.by) if found else []
        lines = [say(ctx, "consent_was_read", ref=show_reference(ref))]
        lines += [say(ctx, "consent_waits", people=people_text(case, waits))] if waits else []
        body = {"ref": ref, "case_id": case.chain, "services": services, "missing": waits}
        show(ctx, body, lines)

    command(group, "read")(consent_read)


def _limit(text: str) -> tuple[str, str]:
    service, sign, limit = text.partition("=")
    if not sign:
        raise UsageError("limit_form")
    return service.strip(), limit.strip()


def _note(group: click.Group) -> None:
    @click.argument("chain", metavar="CASE")
    @click.option("--outcome", type=click.Choice(OUTCOMES), required=True)
    @click.option("--by", multiple=True, required=True, metavar="PERSON")
    @click.option("--service", "services", multiple=True, metavar="SERVICE")
    @click.option("--until", type=DAY)
    @click.option("--on", type=DAY)
    @click.option("--why", required=True)
    def consent_note(
        ctx: click.Context,
        chain: str,
        on: date | None,
        **said: Any,  # noqa: ANN401
    ) -> None:
        """Note an oral consent, refusal or withdrawal. It holds at once."""
        office = open_here(ctx)
        if said["outcome"] == "given" and not said["services"]:
            raise UsageError("consent_needs_services")
        if said["outcome"] != "given" and said["until"]:
            raise UsageError("until_only_given")
        spoken = Spoken(on=on or office.today, **said)
        noted = note_consent(office, office.case(ChainId(chain)), spoken)
        _show_noted(ctx, office, noted, spoken)

    command(group, "note")(consent_note)


def _show_noted(ctx: click.Context, office: Office, noted: Noted, said: Spoken) -> None:
    case, missing = noted.case, list(noted.missing)
    count = len(in_force(case, said.on))
    body = {"case_id": case.chain, "outcome": said.outcome, "in_force": count, "missing": missing}
    told = "consent_noted_waits" if missing else f"consent_noted_{said.outcome}"
    if said.outcome == "withdrawn" and said.services:
        told = "consent_noted_taken_out"
    language = choices(ctx).language
    labels = (service_label(name, office.profile, language) for name in said.services)
    parts = {"people": people_text(case, missing), "services": ", ".join(labels)}
    show(ctx, body, [say(ctx, told, case=case.chain, **parts)])
