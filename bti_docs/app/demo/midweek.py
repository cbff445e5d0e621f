"""Tuesday to Thursday: papers come back, people read and decide, minutes are written."""

from __future__ import annotations

from collections.abc import Sequence

from bti_docs import files
from bti_docs.app.demo.desk import decide, hand_over, move_level, read_papers, settle_refusals
from bti_docs.app.demo.monday import by_type, made_in, warnings_by_row
from bti_docs.app.demo.paper import lay_in_inbox
from bti_docs.app.demo.place import Stage, json_file
from bti_docs.app.demo.results import Check, check
from bti_docs.app.demo.story import Day, Finished, Scan, on_day
from bti_docs.app.demo.typist import TypedRow, rows_of
from bti_docs.app.demo.word import finish
from bti_docs.app.input import read_batch
from bti_docs.app.issuing import issue
from bti_docs.app.outgoing import mark_sent
from bti_docs.app.sweeping import sweep_once
from bti_docs.app.taking import Taken
from bti_docs.core.consent import service_label
from bti_docs.core.filing import Reason
from bti_docs.files import NewFile


def tuesday(stage: Stage) -> None:
    """A heap and single papers come back; consents are read."""
    stage.turn_to("tirsdag")
    take_papers(stage, "tirsdag")
    read_papers(stage, "tirsdag")


def wednesday(stage: Stage) -> None:
    """Minutes are made for the meetings of the day, finished in Word, and taken in."""
    stage.turn_to("onsdag")
    make_minutes(stage)
    take_papers(stage, "onsdag")
    take_finished(stage, on_day(stage.story.week.finished, "onsdag"))


def thursday(stage: Stage) -> None:
    """A person decides what the program left to people."""
    stage.turn_to("torsdag")
    decide(stage, "torsdag")
    read_papers(stage, "torsdag")
    settle_refusals(stage, "torsdag")
    move_level(stage, "torsdag")
    hand_over(stage, "torsdag")


# --- papers ---------------------------------------------------------------------------------


def take_papers(stage: Stage, day: Day) -> None:
    """Scan the day's papers, lay them in the inbox, and take in what lies there."""
    scans = on_day(stage.story.week.scans, day)
    names = tuple(dict.fromkeys(scan.file for scan in scans))
    if not names:
        return
    pages = 0
    with stage.bars("demo_bar_scan") as progress:
        for done, name in enumerate(names, 1):
            pages += lay_in_inbox(stage, name, [scan for scan in scans if scan.file == name])
            progress(done, len(names))
    stage.teller.step(
        stage.office.today,
        "demo_scanned",
        {"papers": len(scans), "files": len(names), "pages": pages},
        check("files", len(names), _lying(stage, names)),
    )
    taken = sweep_once(stage.office, pause=_no_pause).taken
    stage.teller.step(
        stage.office.today,
        "demo_taken",
        {"filed": len(taken.filed), "tray": len(taken.tray)},
        *_as_expected(stage, scans, taken),
        check("inbox_empty", 0, _lying(stage, names)),
    )


def _no_pause(_seconds: float) -> None:
    """Nobody else writes in a throw-away office's inbox."""


def _lying(stage: Stage, names: Sequence[str]) -> int:
    return sum((stage.office.settings.inbox / name).is_file() for name in names)


def _as_expected(stage: Stage, scans: Sequence[Scan], taken: Taken) -> tuple[Check, ...]:
    whole = [scan for scan in scans if not scan.waits]
    refs = sorted(stage.document(s.case, s.type, s.recipient).ref for s in whole)
    waits = sorted((scan.file, *sorted(scan.waits)) for scan in scans if scan.waits)
    found = sorted((item.file, *sorted(_codes(item.reasons))) for item in taken.tray)
    return (
        check("filed", refs, sorted(filed.ref for filed in taken.filed)),
        check("tray", waits, found),
        check("duplicates", 0, len(taken.duplicates)),
    )


def _codes(reasons: Sequence[Reason]) -> set[str]:
    return {reason.code for reason in reasons}


# --- minutes --------------------------------------------------------------------------------


def make_minutes(stage: Stage) -> None:
    """Minutes for the meetings of the week, handed in as JSON; consent is looked at."""
    rows = rows_of(stage.story, "onsdag")
    bodies = [
        {"id": str(n), "type": row.type, "sak": stage.chains.get(row.case or ""),
         "felter": row.values}
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    raw = read_batch(stage.office, json_file(stage.office, "onsdag", (), bodies), None)
    with stage.bars("demo_bar_issue") as progress:
        result = issue(stage.office, raw, progress=progress)
    warned = warnings_by_row(result)
    stage.teller.step(
        stage.office.today,
        "demo_minutes",
        {"count": len(result.issued), "warnings": sum(len(found) for found in warned.values())},
        check("problems", [], [p.code for p in result.errors]),
        check("documents", made_in(stage.story, "onsdag"), by_type(result.issued)),
        *(
            check("uncovered", sorted(wanted), sorted(warned.get(n, ())))
            for n, row in enumerate(rows, 1)
            if (wanted := _uncovered(stage, row)) is not None
        ),
    )


def _uncovered(stage: Stage, row: TypedRow) -> tuple[str, ...] | None:
    """The services that the story says nobody has consented to; None when it does not say."""
    if row.case is None:
        return None
    case = stage.story.case(row.case)
    keys = next(r.uncovered for r in case.rows if (r.type, r.round) == (row.type, "onsdag"))
    if keys is None:
        return None
    office = stage.office
    return tuple(service_label(key, office.profile, office.settings.language) for key in keys)


def take_finished(stage: Stage, minutes: Sequence[Finished]) -> None:
    """Finish minutes in Word, lay them in the inbox: their measures reach the relay log."""
    refs, rows = [], 0
    for each in minutes:
        case = stage.story.case(each.case or "")
        values = stage.story.values(case, "ferdig", {})
        refs.append(stage.document(case.id, "REF", None).ref)
        rows += len(values["tiltak"])
        data = finish(_issued_word(stage, case.id), values)
        path = stage.office.settings.inbox / each.file
        files.publish(stage.office.disk, [NewFile(path, data)])
    taken = sweep_once(stage.office, pause=_no_pause).taken
    mark_sent(stage.office, refs, "handed-over", stage.office.today)
    found = [m for case in stage.all_cases() for m in case.measures if m.ref in refs]
    stage.teller.step(
        stage.office.today,
        "demo_word",
        {"count": len(taken.filed), "measures": len(found)},
        check("filed", sorted(refs), sorted(filed.ref for filed in taken.filed)),
        check("tray", [], [sorted(_codes(item.reasons)) for item in taken.tray]),
        check("measures", rows, len(found)),
        check("whole", expected=True, found=all(m.goal and m.owner and m.due for m in found)),
    )


def _issued_word(stage: Stage, case_id: str) -> bytes:
    document = stage.document(case_id, "REF", None)
    path = next(f.path for f in document.files if f.path.endswith(".docx"))
    return stage.office.archive.document(stage.chains[case_id], path)
