"""Monday: a workbook with mistakes, then without; letters are made, printed and sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from bti_docs import files
from bti_docs.app.demo.place import Stage, json_file
from bti_docs.app.demo.results import check
from bti_docs.app.demo.story import Round, Story, StoryCase
from bti_docs.app.demo.typist import rows_of, typed_workbook
from bti_docs.app.input import marked_copy, read_batch, workbook_bytes
from bti_docs.app.issuing import Issued, IssueResult, issue
from bti_docs.app.outgoing import mark_sent
from bti_docs.core.raw import CASE
from bti_docs.pdf import page_count

WORKBOOK: Final = "arbeidsbok.xlsx"
FOLLOWS: Final = "case_has_errors"


def monday(stage: Stage) -> None:
    """Live the day."""
    path = stage.office.settings.root / WORKBOOK
    blank = workbook_bytes(stage.office)
    _first_try(stage, path, blank)
    _second_try(stage, path, blank)
    _again(stage, path)
    _alone(stage)
    _print_and_send(stage)


def _first_try(stage: Stage, path: Path, blank: bytes) -> None:
    """Everything that is wrong is told at once, and nothing is made."""
    faults, wanted = stage.story.week.faults, _problems_wanted(stage)
    files.rewrite(stage.office.disk, path, typed_workbook(stage.office, blank, stage.story, faults))
    result = issue(stage.office, read_batch(stage.office, path, None))
    copy = marked_copy(stage.office, path, result.problems)
    stage.teller.step(
        stage.office.today,
        "demo_problems",
        {"cases": len(stage.story.cases), "count": len(result.errors), "file": path.name},
        check("problems", wanted, sorted(p.code for p in result.errors)),
        check("nothing_made", 0, len(result.issued) + len(stage.all_cases())),
        check("marked_copy", expected=True, found=copy is not None and copy.is_file()),
    )


def _problems_wanted(stage: Stage) -> list[str]:
    """What each mistake is called; that a case has mistakes is told at one of its documents too."""
    faults = stage.story.week.faults
    wrong = {fault.case for fault in faults if fault.type == CASE}
    follow = {row.case for row in rows_of(stage.story, "mandag") if row.case in wrong}
    return sorted([*(fault.code for fault in faults), *(FOLLOWS for _ in follow)])


def _second_try(stage: Stage, path: Path, blank: bytes) -> None:
    """The workbook is put right: every letter is made, and one heap to print."""
    files.rewrite(stage.office.disk, path, typed_workbook(stage.office, blank, stage.story))
    raw = read_batch(stage.office, path, None)
    with stage.bars("demo_bar_issue") as progress:
        result = issue(stage.office, raw, progress=progress)
    stage.batches.append(result.batch)
    _learn_chains(stage)
    wanted = made_in(stage.story, "mandag")
    stage.teller.step(
        stage.office.today,
        "demo_issued",
        {"count": len(result.issued), "cases": len(stage.chains)},
        check("problems", [], [p.code for p in result.errors]),
        check("documents", wanted, by_type(result.issued)),
        check("cases", len(stage.story.cases), len(stage.chains)),
        check("archived", len(result.issued), _in_outbox(result.issued)),
    )


def _again(stage: Stage, path: Path) -> None:
    """The same workbook once more makes nothing twice."""
    before = sum(len(case.documents) for case in stage.all_cases())
    result = issue(stage.office, read_batch(stage.office, path, None))
    stage.teller.step(
        stage.office.today,
        "demo_again",
        {"count": result.skipped},
        check("nothing_made", 0, len(result.issued)),
        check("skipped", before, result.skipped),
    )


def _alone(stage: Stage) -> None:
    """A case with a protected address: one document at a time, to somebody who is named."""
    for row in rows_of(stage.story, "alene"):
        if row.case is None:
            continue
        body = {"id": "1", "type": row.type, "sak": stage.chains[row.case],
                "mottakere": list(row.recipients or ()), "felter": row.values}  # fmt: skip
        path = json_file(stage.office, f"alene-{row.case}", (), (body,))
        result = issue(stage.office, read_batch(stage.office, path, None))
        stage.batches.append(result.batch)
        stage.teller.step(
            stage.office.today,
            "demo_alone",
            {"count": len(result.issued)},
            check("problems", [], [p.code for p in result.errors]),
            check("documents", {row.type: 1}, by_type(result.issued)),
        )


def _print_and_send(stage: Stage) -> None:
    """One heap in mailing order; then somebody writes that it went out."""
    office, batch = stage.office, stage.batches[0]
    heap = files.read(office.settings.outbox / f"{batch}_bunke.pdf")
    pages = page_count(heap) if heap else 0
    refs = [ref for name in stage.batches for ref in office.index.refs_of_batch(name)]
    sent = mark_sent(office, refs, "post", office.today)
    left = [d.ref for case in stage.all_cases() for d in case.documents if d.sent_on is None]
    stage.teller.step(
        office.today,
        "demo_sent",
        {"count": len(sent.now), "pages": pages},
        check("heap", expected=True, found=pages > 0 and pages % 2 == 0),
        check("sent", len(refs), len(sent.now)),
        check("left", [], left),
    )


def made_in(story: Story, round_: Round) -> dict[str, int]:
    """How many documents of each type a round is to make."""
    counts: Counter[str] = Counter()
    for case in story.cases:
        types = {row.type for row in case.rows if row.round == round_}
        counts.update(_made_of(case, types | ({"SVR"} if "INV" in types else set())))
    for row in story.week.common:
        counts.update(row.makes if row.round == round_ else {})
    return dict(sorted(counts.items()))


def _made_of(case: StoryCase, types: Iterable[str]) -> Mapping[str, int]:
    return {code: case.makes[code] for code in types if case.makes.get(code)}


def by_type(issued: Iterable[Issued]) -> dict[str, int]:
    """How many of each type were made."""
    return dict(sorted(Counter(made.type for made in issued).items()))


def _in_outbox(issued: Iterable[Issued]) -> int:
    return sum(
        Path(made.docx).is_file() and made.pdf is not None and Path(made.pdf).is_file()
        for made in issued
    )


def _learn_chains(stage: Stage) -> None:
    """Which number the office gave each case of the story."""
    ids = {f"{c.record['barn']['fornavn']} {c.record['barn']['etternavn']}": c.id
           for c in stage.story.cases}  # fmt: skip
    for case in stage.all_cases():
        if case.record is not None:
            stage.chains[ids[case.record.child.name]] = case.chain


def warnings_by_row(result: IssueResult) -> dict[int | None, list[str]]:
    """The services without consent, by the row that names them."""
    found: dict[int | None, list[str]] = {}
    for problem in result.problems:
        if problem.code == "service_without_consent":
            found.setdefault(problem.place.row, []).append(str(problem.params["service"]))
    return found
