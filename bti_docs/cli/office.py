"""The office itself: init, doctor, staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bti_docs.app.doctor import Check, Diagnosis, diagnose
from bti_docs.app.opening import init_office
from bti_docs.app.staff import add_staff, staff
from bti_docs.cli.shell import (
    choices,
    command,
    group_of,
    office_folder,
    open_here,
    read_here,
    say,
    show,
)
from bti_docs.errors import ConfigError
from bti_docs.messages import text

NOT_READY = ConfigError.exit_code


def register(group: click.Group) -> None:
    """Add the commands."""
    _init(group)
    _doctor(group)
    people = group_of(group, "staff")
    _staff_list(people)
    _staff_add(people)


def _init(group: click.Group) -> None:
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    def init(ctx: click.Context, folder: Path) -> None:
        """Make an office."""
        new = init_office(folder)
        code = "init_done" if new else "init_again"
        lines = [say(ctx, code, folder=folder), say(ctx, "init_next", folder=folder)]
        show(ctx, {"office": folder.absolute(), "new": new}, lines if new else lines[:1])

    command(group, "init")(init)


# --- doctor ---------------------------------------------------------------------------------


def _doctor(group: click.Group) -> None:
    def doctor(ctx: click.Context) -> int:
        """Look at everything the office needs."""
        found = diagnose(_office_or_none(ctx))
        if found.settings:
            choices(ctx).language = found.settings.language
        show(ctx, _diagnosis_json(ctx, found), _diagnosis_lines(ctx, found))
        return 0 if found.ok else NOT_READY

    command(group, "doctor")(doctor)


def _office_or_none(ctx: click.Context) -> Path | None:
    try:
        return office_folder(ctx)
    except ConfigError:
        return None


def _diagnosis_json(ctx: click.Context, found: Diagnosis) -> dict[str, Any]:
    checks = [
        {
            "check": check.name,
            "ok": check.ok,
            "needed": check.needed,
            "message": say(ctx, f"doctor_{check.name}", **check.params),
            "advice": None if check.ok else _advice(ctx, check),
            **check.params,
        }
        for check in found.checks
    ]
    settings = asdict(found.settings) if found.settings else None
    return {"ok": found.ok, "settings": settings, "checks": checks}


def _diagnosis_lines(ctx: click.Context, found: Diagnosis) -> Iterable[str]:
    if found.settings:
        yield say(ctx, "doctor_settings", folder=found.settings.root)
        for key, value in asdict(found.settings).items():
            yield f"  {key:16} {'–' if value is None else value}"
        yield ""
    for check in found.checks:
        mark = "✓" if check.ok else "✗" if check.needed else "·"
        yield f"{mark} {say(ctx, f'doctor_{check.name}', **check.params)}"
        if not check.ok:
            yield f"    {_advice(ctx, check)}"
    yield ""
    yield say(ctx, "doctor_ready" if found.ok else "doctor_not_ready")


def _advice(ctx: click.Context, check: Check) -> str:
    if check.error is not None:
        return text(check.error.code, choices(ctx).language, **check.error.params)
    return say(ctx, f"doctor_{check.name}_advice", **check.params)


# --- staff ----------------------------------------------------------------------------------


def _staff_list(group: click.Group) -> None:
    def staff_list(ctx: click.Context) -> None:
        """Who the staff codes are."""
        known = staff(read_here(ctx))
        keys = ("name", "title", "service", "phone")
        lines = [
            f"{code}  " + " · ".join(str(body[key]) for key in keys if body.get(key))
            for code, body in sorted(known.items())
        ]
        show(ctx, [{"code": code, **body} for code, body in sorted(known.items())], lines)

    command(group, "list")(staff_list)


def _staff_add(group: click.Group) -> None:
    @click.argument("code")
    @click.option("--name", default="")
    @click.option("--title", default="")
    @click.option("--service", default="")
    @click.option("--phone", default="")
    @click.option("--login", default="")
    def staff_add(ctx: click.Context, code: str, **body: str) -> None:
        """Write who a staff code is."""
        office = open_here(ctx)
        add_staff(office, code, {key: value for key, value in body.items() if value})
        show(ctx, {"code": code}, [say(ctx, "staff_added", code=code)])

    command(group, "add")(staff_add)
