"""Friday: what is outstanding, a case is closed, everything is verified, the family's folder."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.cases import close_case, waiting
from bti_docs.app.demo.place import Stage
from bti_docs.app.demo.results import Check, check
from bti_docs.app.demo.story import on_day
from bti_docs.app.exporting import START, Exported, export
from bti_docs.app.relay import refresh_logs
from bti_docs.archive import verify
from bti_docs.core.model import Case
from bti_docs.core.outstanding import outstanding
from bti_docs.pdf import page_count

LOG_PAGE: Final = "stafettlogg.html"
FAMILY_FOLDER: Final = "familiens-mappe"
_TOGETHER: Final = "Samlet.pdf"
_CHECKSUMS: Final = "sjekksummer.txt"


def friday(stage: Stage) -> tuple[Path, Path]:
    """Live the day; the pages to look at: a relay log and a family's folder."""
    stage.turn_to("fredag")
    _close(stage)
    _outstanding(stage)
    log_page = _log(stage)
    family_page = _family(stage)
    _verify(stage)
    return log_page, family_page


def _close(stage: Stage) -> None:
    for act in on_day(stage.story.week.closings, "fredag"):
        case = stage.case(act.case or "")
        left = len(waiting(case))
        case = close_case(stage.office, case, act.why, act.settle_why)
        refresh_logs(stage.office, [case.chain])
        stage.teller.step(
            stage.office.today,
            "demo_closed",
            {"case": case.chain, "count": left},
            check("open", expected=False, found=case.open),
            check("left", 0, len(waiting(case))),
        )


def _outstanding(stage: Stage) -> None:
    cases = stage.all_cases()
    lines = outstanding(cases, stage.office.today)
    late = [line for line in lines if line.days_overdue]
    ended = {d.ref for case in cases for d in case.documents if d.over}
    made = Counter(d.type for case in cases for d in case.documents)
    stage.teller.step(
        stage.office.today,
        "demo_outstanding",
        {"count": len(lines), "late": len(late), "ended": len(ended)},
        check("overdue_first", expected=True,
              found=all(a.days_overdue >= b.days_overdue for a, b in pairwise(lines))),
        check("ended_once", [], sorted(ended & {line.ref for line in lines})),
        check("all_accounted_for", sum(made.values()), len(ended) + len(lines)),
        check("documents", sorted(stage.story.made.items()), sorted(made.items())),
    )  # fmt: skip


def _log(stage: Stage) -> Path:
    """The page in the case folder says who holds the baton, and every measure."""
    case = stage.case(stage.story.week.family.case)
    path = stage.office.archive.folder(case.chain) / LOG_PAGE
    page = (files.read(path) or b"").decode()
    wanted = [m.measure for m in case.measures] + [case.baton.holder.name if case.baton else ""]
    stage.teller.step(
        stage.office.today,
        "demo_log",
        {"case": case.chain, "events": case.head.count, "measures": len(case.measures)},
        check("on_the_page", [], [text for text in wanted if text not in page]),
    )
    return path


def _family(stage: Stage) -> Path:
    """The folder of one named person, which nobody else is found in."""
    family = stage.story.week.family
    case = stage.case(family.case)
    target = stage.office.settings.root / FAMILY_FOLDER
    made = export(stage.office, case, family.person, target, since=None, paper=False)
    stage.teller.step(
        stage.office.today,
        "demo_family",
        {"case": case.chain, "papers": len(made.refs), "pages": _pages(target / _TOGETHER)},
        *_family_checks(stage, case, family.person, made),
    )
    return target / START


def _family_checks(stage: Stage, case: Case, person: str, made: Exported) -> tuple[Check, ...]:
    page = (files.read(made.folder / START) or b"").decode()
    others = [c.record.child.name for c in stage.all_cases() if c.record and c.chain != case.chain]
    letters = [d.ref for d in case.documents
               if d.audience == "recipient" and d.recipient not in {None, person}]  # fmt: skip
    holder = case.baton.holder if case.baton else None
    return (
        check("holder", expected=True, found=holder is not None and holder.name in page),
        check("telephone", expected=True, found=holder is not None and holder.phone in page),
        check("other_children", [], [name for name in others if name in page]),
        check("other_letters", [], sorted(set(letters) & set(made.refs))),
        check("checksums", [], _broken(made.folder)),
    )


def _pages(path: Path) -> int:
    data = files.read(path)
    return page_count(data) if data else 0


def _broken(folder: Path) -> list[str]:
    """The files whose checksum is not the one that the folder says."""
    lines = (files.read(folder / _CHECKSUMS) or b"").decode().splitlines()
    pairs = [line.split(maxsplit=1) for line in lines]
    return [
        name for digest, name in pairs
        if hashlib.sha256(files.read(folder / name.lstrip("*")) or b"").hexdigest() != digest
    ]  # fmt: skip


def _verify(stage: Stage) -> None:
    with stage.bars("demo_bar_verify") as progress:
        report = verify(stage.office.archive, progress=progress)
    stage.teller.step(
        stage.office.today,
        "demo_verified",
        {"cases": report.cases, "documents": report.documents},
        check("ok", expected=True, found=report.ok),
        check("findings", [], [finding.code for finding in report.findings]),
        check("cases", len(stage.story.cases), report.cases),
    )
