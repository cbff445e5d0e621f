"""The use case: check everything, then make every letter, then one heap to print."""

from __future__ import annotations

from bti_docs.app.approvals import require_approved
from bti_docs.app.issuing.checks import LEFT_OUT
from bti_docs.app.issuing.plan import plan_batch, with_numbers
from bti_docs.app.issuing.run import IssueResult, Progress, Run, carry_out
from bti_docs.app.issuing.selecting import rows_of_case, without_prefilled
from bti_docs.app.office import Office
from bti_docs.core.events import ChainId
from bti_docs.core.intake import Checked, check
from bti_docs.core.problems import Place, Problem
from bti_docs.core.raw import RawInput


def issue(  # noqa: PLR0913  (what was asked, each by its name)
    office: Office,
    raw: RawInput,
    *,
    check_only: bool = False,
    only: str | None = None,
    replace_changed: bool = False,
    skip_invalid: bool = False,
    pdf: bool = True,
    progress: Progress | None = None,
) -> IssueResult:
    """Check everything first, then make everything; with problems nothing is made.

    Without *pdf* the letters leave as Word files only: there is no heap, and each page shows the
    document's code without its page number.

    Interrupted at any instant, the same call again makes what is missing and nothing twice.
    """
    office.require_known()
    rows = without_prefilled(office, raw)
    if only is not None:
        rows = rows_of_case(office, rows, ChainId(only))
        stray = _stray_case(office, rows, ChainId(only))
        if stray:
            return IssueResult(problems=(stray,))
    checked = _checked(office, rows, only)
    alone = only is not None or len(rows.documents) == 1
    plan = plan_batch(office, checked, replace=replace_changed, only=only, alone=alone)
    run = Run(raw.identity, progress, pdf=pdf)
    del raw, rows, checked  # what is left to do is in the plan; a long input is let go of
    unknown = office.say(office.settings.language)("new_case_number")
    shown = with_numbers(plan.problems, {}, unknown)
    found = IssueResult(problems=shown, skipped=plan.skipped)
    if not skip_invalid and any(p.code not in LEFT_OUT for p in found.errors):
        return found
    require_approved(office, sorted({(wish.manifest.type, wish.language) for wish in plan.wishes}))
    if check_only:
        return found
    return carry_out(office, plan, run)


def _checked(office: Office, rows: RawInput, only: str | None) -> Checked:
    """The rows checked; a row that names no case is of the one that was asked for."""
    library = office.library
    return check(
        rows, library.manifests(), library.case_manifest(), office.profile,
        office.settings.language, on=office.today, case=only,
    )  # fmt: skip


def _stray_case(office: Office, rows: RawInput, only: ChainId) -> Problem | None:
    """Why nothing can be made for the one case that was asked for."""
    if not office.archive.exists(only):
        return Problem("only_unknown_case", Place(), {"case": only})
    if not rows.cases and not rows.documents:
        return Problem("only_no_rows", Place(), {"case": only})
    return None
