"""The first pages of Samlet.pdf: the same words as the page's first parts, as paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bti_docs import messages
from bti_docs.core.family_model import FamilyCopy
from bti_docs.core.relay_model import GoalLine, MeasureLine
from bti_docs.export.pages import FOLDER, PaperView, folder_title

Style = Literal[
    "Title", "Heading1", "Heading2", "Heading3", "Normal", "ListParagraph", "Small",
    "Window", "Address",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text and what it is."""

    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class Front:
    """Writes the front part of one copy."""

    copy: FamilyCopy

    def paragraphs(
        self, papers: tuple[PaperView, ...], left_out: frozenset[str]
    ) -> Iterator[Paragraph]:
        """All of it. *left_out* are names of files that cannot be pages of the PDF."""
        yield from self._head()
        yield from self._now()
        yield from self._timeline()
        yield from self._held()
        yield from self._help()
        yield from self._contents(papers, left_out)

    def _t(self, code: str, **params: object) -> str:
        return messages.text(code, self.copy.language, **params)

    def _head(self) -> Iterator[Paragraph]:
        copy, where = self.copy, self.copy.municipality.name
        lead = "family_page_lead_youth" if copy.youth else "family_page_lead"
        made = self._t("family_page_made", day=copy.on_text, municipality=where, case=copy.case_id)
        yield Paragraph("Title", folder_title(copy))
        yield Paragraph("Normal", self._t(lead, reader=copy.reader, child=copy.child))
        yield Paragraph("Normal", made)
        if copy.since_text:
            yield Paragraph("Normal", self._t("family_page_since", day=copy.since_text))
        yield Paragraph("Small", self._t("family_page_private"))

    def _now(self) -> Iterator[Paragraph]:
        copy = self.copy
        yield Paragraph("Heading1", self._t("family_page_now"))
        if copy.closed_text:
            yield Paragraph("Normal", self._t("family_page_closed", text=copy.closed_text))
        yield from self._baton()
        yield from self._list(
            "family_page_decisions", [f"{said.text} ({said.day_text})" for said in copy.decisions]
        )
        yield Paragraph("Heading2", self._t("family_page_who"))
        yield from self._goals(copy.goals)
        if not copy.goals:
            yield Paragraph("Normal", self._t("family_page_no_measures"))
        meetings = [" ".join((f"{m.type}." if m.type else "", m.text)) for m in copy.next_meetings]
        none = [self._t("family_page_no_meeting")]
        yield from self._list("family_page_meeting", meetings or none)
        yield from self._consents()
        yield from self._list("family_page_waiting", list(copy.waiting))
        yield from self._voice()

    def _baton(self) -> Iterator[Paragraph]:
        copy, baton = self.copy, self.copy.baton
        yield Paragraph("Heading2", self._t("family_page_call"))
        if baton is None:
            where = copy.municipality
            text = self._t("family_page_no_baton", municipality=where.name)
            yield Paragraph("Normal", f"{text} {where.phone}")
            return
        parts = (baton.holder, baton.title, baton.service)
        yield Paragraph("Normal", ", ".join(part for part in parts if part))
        if baton.phone:
            yield Paragraph("Normal", f"{self._t('family_page_phone')}: {baton.phone}")
        yield Paragraph("Small", baton.text)

    def _goals(self, goals: tuple[GoalLine, ...]) -> Iterator[Paragraph]:
        for goal in goals:
            if goal.goal:
                yield Paragraph("Heading3", self._t("family_page_goal", goal=goal.goal))
            for measure in goal.measures:
                yield Paragraph("ListParagraph", self._measure(measure))

    def _measure(self, measure: MeasureLine) -> str:
        named = (
            ("family_page_owner", measure.owner),
            ("family_page_due", measure.due_text),
            ("family_page_result", measure.result),
            ("family_page_evaluation", measure.evaluation),
        )
        number = self._t("log_page_measure_id", id=measure.id)
        parts = [f"{self._t(code)}: {text}" for code, text in named if text]
        if measure.open and measure.evaluate_text:
            parts.append(measure.evaluate_text)
        sentences = [part.strip().removesuffix(".") for part in (measure.measure, *parts)]
        return ". ".join((f"{sentences[0]} ({number})", *sentences[1:])) + "."

    def _consents(self) -> Iterator[Paragraph]:
        copy = self.copy
        yield Paragraph("Heading2", self._t("family_page_consent"))
        if not copy.consents:
            yield Paragraph("Normal", self._t("family_page_no_consent"))
            return
        for consent in copy.consents:
            yield Paragraph("Normal", consent.text)
            for limit in consent.limits:
                yield Paragraph("ListParagraph", limit)
        holder = copy.baton.holder if copy.baton else self._t("family_page_somebody")
        yield Paragraph("Normal", self._t("family_page_withdraw", holder=holder))

    def _voice(self) -> Iterator[Paragraph]:
        copy = self.copy
        code = "family_page_child_voice_youth" if copy.youth else "family_page_child_voice"
        if copy.child_voice:
            yield Paragraph("Heading2", self._t(code, child=copy.child))
        for said in copy.child_voice:
            yield Paragraph("Normal", f"«{said.text}» ({said.day_text})")

    def _timeline(self) -> Iterator[Paragraph]:
        yield Paragraph("Heading1", self._t("family_page_timeline"))
        day = ""
        for moment in self.copy.timeline:
            if moment.day_text != day:
                day = moment.day_text
                yield Paragraph("Heading3", day)
            yield Paragraph("Normal", moment.text)
            for detail in moment.details:
                yield Paragraph("ListParagraph", detail)

    def _held(self) -> Iterator[Paragraph]:
        held = [f"{h.title}, {h.day_text}. {h.reason}" for h in self.copy.held]
        yield from self._list("family_page_held", held)
        if held:
            yield Paragraph("Normal", self.copy.complaint)

    def _help(self) -> Iterator[Paragraph]:
        copy = self.copy
        holder = copy.baton.holder if copy.baton else self._t("family_page_somebody")
        yield Paragraph("Heading1", self._t("family_page_help"))
        yield Paragraph("Normal", self._t("family_page_correct", holder=holder))
        for code in ("family_page_aloud", "family_page_interpreter"):
            yield Paragraph("Normal", self._t(code))
        yield Paragraph("Normal", self._t("family_page_complain", complaint=copy.complaint))
        urgent = [f"{phone}: {what}" for phone, what in copy.urgent]
        yield from self._list("family_page_urgent", urgent)

    def _contents(
        self, papers: tuple[PaperView, ...], left_out: frozenset[str]
    ) -> Iterator[Paragraph]:
        if papers:
            yield Paragraph("Heading1", self._t("family_pdf_contents"))
        for view in papers:
            paper = view.paper
            yield Paragraph("Normal", f"{paper.number}. {paper.title}, {paper.day_text}")
            for _ in (file for file in view.names if file.name in left_out):
                told = self._t("family_pdf_other_only", title=paper.title, folder=FOLDER)
                yield Paragraph("Small", told)

    def _list(self, code: str, lines: list[str]) -> Iterator[Paragraph]:
        if lines:
            yield Paragraph("Heading2", self._t(code))
        for line in lines:
            yield Paragraph("ListParagraph", line.strip())
