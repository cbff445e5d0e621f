"""What people do at their desks: read what came back, decide, settle, pass the baton on."""

from __future__ import annotations

from bti_docs.app.cases import accept_baton, offer_baton, set_level
from bti_docs.app.demo.place import Stage
from bti_docs.app.demo.results import check
from bti_docs.app.demo.story import Day, Decided, Reading, on_day
from bti_docs.app.relay import refresh_logs
from bti_docs.app.settling import Answer, read_consent, read_paper, settle
from bti_docs.app.taking.tray import (
    dismiss,
    file_under_reference,
    tray_items,
    unanswered,
)
from bti_docs.core.consent import covered_services, in_force
from bti_docs.core.model import Document
from bti_docs.core.records import Person
from bti_docs.core.references import Reference

CONSENT = "SAM"


def read_papers(stage: Stage, day: Day) -> None:
    """People read what came back. Until then, a signed consent gives nothing."""
    readings = on_day(stage.story.week.readings, day)
    consents = [reading for reading in readings if reading.type == CONSENT]
    early = [r.case for r in consents if in_force(stage.case(r.case or ""), stage.office.today)]
    read = sum(_read(stage, reading) for reading in readings)
    if not read:
        return
    stage.teller.step(
        stage.office.today,
        "demo_read",
        {"count": read, "consents": len(consents)},
        check("signed_is_not_read", [], early),
        check("in_force", [r.case for r in consents], [r.case for r in consents if _in(stage, r)]),
    )


def _read(stage: Stage, reading: Reading) -> int:
    found = [d for d in stage.documents(reading.case, reading.type, reading.recipient)
             if d.returned_on is not None]  # fmt: skip
    for document in found:
        _read_one(stage, reading, document)
    return len(found)


def _read_one(stage: Stage, reading: Reading, document: Document) -> None:
    ref = Reference(document.ref)
    if reading.type == CONSENT:
        read_consent(
            stage.office, ref, without=reading.without, limits=reading.limits, why=reading.why
        )
    else:
        read_paper(stage.office, ref, why=reading.why)


def _in(stage: Stage, reading: Reading) -> bool:
    """Whether the consent is in force, without the services that were struck out."""
    case, today = stage.case(reading.case or ""), stage.office.today
    return bool(in_force(case, today)) and not covered_services(case, today) & set(reading.without)


def decide(stage: Stage, day: Day) -> None:
    """A person looks at each thing in Til avklaring, and says what it is."""
    decisions = on_day(stage.story.week.decided, day)
    before = len(tuple(tray_items(stage.office)))
    for decision in decisions:
        _decide(stage, decision)
    filed = [d for d in decisions if d.case]
    stage.teller.step(
        stage.office.today,
        "demo_decided",
        {"filed": len(filed), "dismissed": len(decisions) - len(filed)},
        check("before", len(decisions), before),
        check("left", 0, len(tuple(tray_items(stage.office)))),
        check("returned", [], [d.case for d in filed if not _returned(stage, d)]),
    )


def _decide(stage: Stage, decision: Decided) -> None:
    if decision.case is None:
        item = next(i for i in tray_items(stage.office) if i.file == decision.file)
        dismiss(stage.office, item.item, decision.why)
        return
    ref = Reference(_document(stage, decision).ref)
    item = next(
        i for i in tray_items(stage.office)
        if i.file == decision.file and i.guess_ref in {ref, None}
    )  # fmt: skip
    signed = [c for c in unanswered(stage.office, item.item, ref) if c not in decision.unsigned]
    file_under_reference(stage.office, item.item, ref, decision.why, signed=signed)


def _document(stage: Stage, decision: Decided) -> Document:
    return stage.document(decision.case, decision.type, decision.recipient)


def _returned(stage: Stage, decision: Decided) -> bool:
    document = _document(stage, decision)
    return document.returned_on is not None and document.missing_signers == decision.unsigned


def settle_refusals(stage: Stage, day: Day) -> None:
    """Somebody says no on the telephone: that is an answer, and it is written down."""
    for act in on_day(stage.story.week.settled, day):
        document = stage.document(act.case, act.type, act.recipient)
        answer = Answer(act.how, act.why, stage.office.today, by=(act.by,))
        case = settle(stage.office, Reference(document.ref), answer).case
        stage.teller.step(
            stage.office.today,
            "demo_refused",
            {"case": case.chain},
            check("noted", "refused", case.consents[-1].outcome if case.consents else ""),
            check("over", expected=True, found=case.documents and _over(case.documents, document)),
        )


def _over(documents: tuple[Document, ...], document: Document) -> bool:
    return next(d.over for d in documents if d.ref == document.ref)


def move_level(stage: Stage, day: Day) -> None:
    """Cases move to another level of the guide."""
    for act in on_day(stage.story.week.levels, day):
        case = set_level(stage.office, stage.case(act.case or ""), act.level, act.why)
        refresh_logs(stage.office, [case.chain])
        stage.teller.step(
            stage.office.today,
            "demo_level",
            {"case": case.chain, "level": act.level},
            check("level", act.level, case.level),
        )


def hand_over(stage: Stage, day: Day) -> None:
    """The baton is offered to somebody, and it stays where it is until they take it."""
    for act in on_day(stage.story.week.hand_overs, day):
        case = stage.case(act.case or "")
        holder = Person.model_validate(act.to)
        before = case.baton.holder.name if case.baton else ""
        case = offer_baton(stage.office, case, holder, act.why)
        still = case.baton.holder.name if case.baton else ""
        case = accept_baton(stage.office, case, act.why)
        refresh_logs(stage.office, [case.chain])
        stage.teller.step(
            stage.office.today,
            "demo_baton",
            {"case": case.chain},
            check("offered", before, still),
            check("taken", holder.name, case.baton.holder.name if case.baton else ""),
        )
