"""Stories of invented cases, told as events: what the archive would hold, without an archive."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bti_docs import messages
from bti_docs.core.events import ChainId, Entry, Event, digest, event_bytes
from bti_docs.core.fold import fold
from bti_docs.core.model import Case
from bti_docs.core.person_codes import person_codes
from bti_docs.core.profile import Profile
from bti_docs.core.records import CaseRecord

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STAFF = {"u-01": "Berit Skriver", "u-02": "Per Rektor"}
TITLES = {
    "INV": {"nb": "Invitasjon til møte", "nn": "Invitasjon til møte", "en": "Invitation"},
    "SAM": {"nb": "Samtykkeskjema", "nn": "Samtykkeskjema", "en": "Consent form"},
    "REF": {"nb": "Referat fra møte", "nn": "Referat frå møte", "en": "Minutes"},
    "OBS": {"nb": "Observasjon", "nn": "Observasjon", "en": "Observation"},
    "SVR": {"nb": "Svarslipp", "nn": "Svarslipp", "en": "Reply slip"},
}

RECORD = {
    "maalform": "nb",
    "enhet": "E01",
    "nivaa": "2",
    "barn": {
        "fornavn": "Nora",
        "etternavn": "Eksempel",
        "foedselsdato": "2016-04-12",
        "slag": "barn",
        "skole": "Eksempel skole",
        "klasse": "5B",
    },
    "foresatte": [
        {
            "navn": "Kari Eksempel",
            "tilknytning": "mor",
            "foreldreansvar": "ja",
            "husstand": "A",
            "adresse": "Storgata 1",
            "telefon": "00 00 00 11",
        },
        {
            "navn": "Ola Prøvesen",
            "tilknytning": "far",
            "foreldreansvar": "ja",
            "husstand": "B",
            "adresse": "Lilleveien 2",
            "telefon": "00 00 00 12",
        },
    ],
    "stafettholder": {
        "navn": "Lise Lærer",
        "stilling": "Kontaktlærer",
        "tjeneste": "skole",
        "telefon": "00 00 00 21",
        "epost": "lise@kommune.example",
    },
    "deltakere": [{"navn": "Per Prøve", "rolle": "Rådgiver", "tjeneste": "ppt"}],
}


def profile() -> Profile:
    """The shipped profile."""
    path = Path(__file__).parents[1] / "templates" / "profil.toml"
    return Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def titles(document_type: str, language: str) -> str:
    return TITLES.get(document_type, {}).get(language, "")


def words(language: str = "nb") -> dict[str, Any]:
    """What the log and the family's copy are told with."""

    def say(code: str, /, **params: object) -> str:
        return messages.text(code, language, **params)

    return {
        "profile": profile(),
        "language": language,
        "say": say,
        "titles": titles,
        "staff": STAFF,
    }


def a_file(path: str, role: str, media: str = PDF, data: bytes = b"") -> dict[str, Any]:
    """A document as a payload names it."""
    return {
        "path": path,
        "sha256": hashlib.sha256(data or path.encode()).hexdigest(),
        "bytes": len(data),
        "media": media,
        "role": role,
    }


@dataclass
class Story:
    """Builds a chain of events, a day or so apart: `Story().opened().issued("SAM", REF)`."""

    chain: str = "2026-0147"
    day: date = date(2026, 9, 1)
    entries: list[Entry] = field(default_factory=list)

    def add(
        self,
        kind: str,
        ref: str | None = None,
        payload: Mapping[str, Any] | None = None,
        /,
        **codes: Any,  # noqa: ANN401
    ) -> Story:
        """One event of any kind, on `self.day`."""
        n = len(self.entries) + 1
        at = datetime(self.day.year, self.day.month, self.day.day, 9, n % 60, tzinfo=UTC)
        known = {key: value for key, value in codes.items() if value is not None}
        body = None if payload is None else {"salt": "00" * 32, **payload}
        event = Event(
            ChainId(self.chain), n, self.entries[-1].hash if self.entries else "", at, "u-01",
            "bti-docs 1.0.0", kind, ref, None if body is None else f"{n:064x}",
            {"on": self.day.isoformat(), **known},
        )  # fmt: skip
        self.entries.append(Entry(event, digest(event_bytes(event)), body))
        return self

    def later(self, days: int) -> Story:
        """Days go by."""
        self.day += timedelta(days=days)
        return self

    def opened(self, record: Mapping[str, Any] = RECORD, **codes: Any) -> Story:  # noqa: ANN401
        parsed = CaseRecord.model_validate(record)
        payload = {"people": person_codes(parsed, {}), "record": parsed.norwegian(), "key": "row-1"}
        level = parsed.level or None
        return self.add("opened", None, payload, kind="sak", language="nb", level=level, **codes)

    def issued(
        self,
        document_type: str,
        ref: str,
        *,
        settles: Sequence[str] = ("sent",),
        signers: Sequence[str] = (),
        facts: Sequence[Mapping[str, Any]] = (),
        files: Sequence[Mapping[str, Any]] | None = None,
        **codes: Any,  # noqa: ANN401
    ) -> Story:
        stem = f"dokumenter/{self.day}_{document_type}_{ref}_utstedt"
        own = [a_file(f"{stem}.docx", "issued", WORD), a_file(f"{stem}.pdf", "issued")]
        payload = {"documents": own if files is None else list(files), "facts": list(facts)}
        return self.add(
            "issued", ref, payload, type=document_type, language="nb", settles=list(settles),
            signers=list(signers), pages=1, **codes,
        )  # fmt: skip

    def sent(self, ref: str, how: str = "post", **codes: Any) -> Story:  # noqa: ANN401
        return self.add("sent", ref, None, how=how, **codes)

    def filed(
        self,
        ref: str,
        *,
        seen: Sequence[str] = (),
        facts: Sequence[Mapping[str, Any]] = (),
        files: Sequence[Mapping[str, Any]] | None = None,
        **codes: Any,  # noqa: ANN401
    ) -> Story:
        number = sum(1 for e in self.entries if (e.event.kind, e.event.ref) == ("filed", ref))
        own = [a_file(f"dokumenter/{self.day}_{ref}_retur-{number + 1}.pdf", "cut")]
        payload = {"documents": own if files is None else list(files), "facts": list(facts)}
        return self.add("filed", ref, payload, seen=list(seen), **codes)

    def read(self, ref: str, *facts: Mapping[str, Any]) -> Story:
        return self.add("read", ref, {"facts": list(facts)})

    def noted(
        self,
        *facts: Mapping[str, Any],
        ref: str | None = None,
        why: str = "",
        **codes: Any,  # noqa: ANN401
    ) -> Story:
        return self.add("noted", ref, {"facts": list(facts), "why": why}, **codes)

    def settled(self, ref: str, how: str, why: str = "", **codes: Any) -> Story:  # noqa: ANN401
        return self.add("settled", ref, {"why": why}, how=how, **codes)

    def without_payload(self, *numbers: int) -> Story:
        """The payloads of these events were removed by a lawful act."""
        self.entries = [
            Entry(e.event, e.hash, None) if e.event.n in numbers else e for e in self.entries
        ]
        return self

    def case(self) -> Case:
        return fold(ChainId(self.chain), self.entries)


def consent(by: Sequence[str], services: Sequence[str], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A consent as a person has read it."""
    return {
        "fact": "consent",
        "outcome": "given",
        "services": list(services),
        "scope": ["stafettlogg", "dele"],
        "by": list(by),
        "how": "written",
        **more,
    }


def measure(text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"fact": "measure", "measure": text, **more}


def autumn(story: Story | None = None) -> Story:
    """A whole autumn: consent, invitation, meeting with measures, a measure that ends."""
    told = (story or Story()).opened().later(2)
    told.issued(
        "SAM", "7K3MQ2XA", settles=("signed", "read"), signers=("f1",), recipient="f1", set="s1",
        due="2026-09-17",
        facts=[{"fact": "child_voice", "text": "Jeg vil slippe å si alt to ganger.",
                "how": "Kontaktlæreren snakket med Nora"}],
    )  # fmt: skip
    told.issued(
        "SAM", "7K3MQ2XB", settles=("signed", "read"), signers=("f2",), recipient="f2", set="s1",
        due="2026-09-17",
    )  # fmt: skip
    told.later(1).sent("7K3MQ2XA", "ranselpost").sent("7K3MQ2XB")
    told.later(5).filed("7K3MQ2XA", seen=("f1",)).later(1).filed("7K3MQ2XB", seen=("f2",))
    services, until = ("skole", "ppt", "helsestasjon"), "2027-09-01"
    told.later(1)
    told.read("7K3MQ2XA", consent(("f1",), services, to=until, limits={"ppt": "bare lesing"}))
    told.read("7K3MQ2XB", consent(("f2",), services, to=until))
    told.noted({"fact": "log", "log": "shared"}, why="Foresatte sa ja på telefon")
    meeting = {
        "fact": "meeting", "date": "2026-10-08", "start": "09:00", "end": "10:00",
        "place": "Eksempel skole", "type": "samarbeid",
    }  # fmt: skip
    told.later(4)
    for ref, person in (("7K3MQ2XC", "f1"), ("7K3MQ2XD", "f2")):
        told.issued(
            "INV", ref, recipient=person, set="s2", audience="recipient",
            facts=[{**meeting, "planned": True, "participants": []}],
        )  # fmt: skip
        told.sent(ref)
    told.later(24)
    came = [
        {"name": "Kari Eksempel", "role": "Mor", "service": "", "status": "til_stede"},
        {"name": "Lise Lærer", "role": "Kontaktlærer", "service": "skole", "status": "til_stede"},
        {"name": "Per Prøve", "role": "Rådgiver", "service": "ppt", "status": "forfall"},
    ]
    told.issued(
        "REF", "7K3MQ2XE", settles=("completed", "sent"), due="2026-10-13",
        facts=[
            {**meeting, "planned": False, "participants": came},
            measure("Lesestund hver dag i ti minutter", goal="Nora leser med glede", id="t1",
                    owner="Lise Lærer, skolen", service="skole", arena="skole", due="2026-11-01",
                    evaluate_on="2026-12-01", status="paagaar"),
            measure("Låne lydbøker på biblioteket", goal="Nora leser med glede", id="t2",
                    owner="Kari Eksempel", arena="hjemme", due="2026-12-15", status="ny"),
            measure("Fast plass i klasserommet", goal="Ro i timene", id="t3",
                    owner="Lise Lærer, skolen", service="skole", arena="skole", status="ny"),
            {"fact": "next_meeting", "date": "2026-12-03", "type": "evaluering"},
            {"fact": "decision", "text": "Vi prøver lesestund fram til jul."},
        ],
    )  # fmt: skip
    told.later(1).filed("7K3MQ2XE", done=["completed"]).later(1).sent("7K3MQ2XE", "digital")
    told.later(20)
    told.noted(measure("Fast plass i klasserommet", id="t3", status="avsluttes",
                       result="Nora har fått det roligere."))  # fmt: skip
    baton = {"name": "Per Prøve", "title": "Rådgiver", "service": "ppt", "phone": "00 00 00 31"}
    told.noted({"fact": "baton", "holder": baton, "accepted": False, "on": told.day.isoformat()})
    told.issued("OBS", "7K3MQ2XF", settles=("completed",), audience="review", done=["completed"])
    return told
