"""A document type's manifest: what a municipality says of it in TYPE.toml, beside the Word files.

The workbook, the forms, the checks and the field documentation are all made from this. Keys in the
file are Norwegian; attributes here are the field's English terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

Language = Literal["nb", "nn"]
Step = Literal["sent", "completed", "approved", "accepted", "signed", "read", "noted"]
"""How a document becomes settled; a manifest lists the steps in order."""

Empty = Literal["blank", "dash", "line", "omit_paragraph", "omit_row"]
"""What a document shows for a field without a value."""
FieldType = Literal[
    "text", "langtekst", "dato", "tid", "tall", "valg", "flervalg", "ja_nei",
    "person", "foresatt", "deltaker", "tiltak", "sakspunkt", "samtykke",
]  # fmt: skip
BLOCKS: Final = frozenset({"person", "foresatt", "deltaker", "tiltak", "sakspunkt", "samtykke"})
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
TypeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{2}$")]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(_Record):
    """One sentence or label in both målformer."""

    nb: str
    nn: str
    en: str | None = None

    def of(self, language: str) -> str:
        """The text in *language*; English falls back to bokmål."""
        if language == "nn":
            return self.nn
        return (self.en or self.nb) if language == "en" else self.nb


class Option(_Record):
    """One choice of a list: the key is stored, the label is shown."""

    key: str
    nb: str
    nn: str

    def label(self, language: str) -> str:
        """The label in *language*."""
        return self.nn if language == "nn" else self.nb


class ManifestField(_Record):
    """One field of a document: its key in the template, its labels, and what it demands."""

    key: Key
    type: FieldType
    label: Text
    help: Text | None = None
    example: Text | None = None
    required: Literal["never", "issue", "return"] = "never"
    repeated: bool = False
    min_rows: int = 0
    columns: tuple[str, ...] = ()
    options: str | tuple[Option, ...] = ()
    """A list of the profile (`tjenester`, `nivaaer`, `arenaer`), or the choices themselves."""
    empty: Empty = "blank"
    """What the document shows when there is no value; a row's column is named in the block."""
    fact: str | None = None
    """Which fact of the relay log this value feeds, `meeting.date`."""

    @property
    def is_block(self) -> bool:
        """Whether the value is an object with fields of its own."""
        return self.type in BLOCKS


class BlockForm(_Record):
    """What the parts of a block, or the columns every row has, are called and may hold."""

    name: str
    fields: tuple[ManifestField, ...] = Field(alias="field")


class Due(_Record):
    """When a document is due, counted from a named day."""

    from_: str = Field(alias="from")
    """`issued`, `sent`, or the key of a date field."""
    days: int
    count: Literal["calendar", "working"] = "calendar"
    remind: int | None = None
    latest: str | None = None
    """The key of a date field: the deadline is at the latest the day before it."""


class Manifest(_Record):
    """A document type."""

    type: TypeCode
    version: str
    title: Text
    chain: Literal["sak", "serie"] = "sak"
    per: Literal["document", "recipient", "household"] = "document"
    recipients: Literal["guardians", "participants", "guardians_and_participants", "none"] = (
        "guardians"
    )
    settled: tuple[Step, ...]
    audience: Literal["family", "recipient", "youth", "review", "nobody"] = "family"
    signers: Literal["none", "guardians_and_youth", "approver", "giver_and_taker"] = "none"
    unit: str | None = None
    """The key of the field that names the unit, for documents of a series."""
    approver: str | None = None
    """The key of the field that names who approves, when `signers` is `approver`."""
    consent: Literal["none", "gives", "needs"] = "none"
    law: tuple[str, ...] = ()
    by_hand: bool = False
    """The paper is meant to be written on: ink anywhere is welcome, and a person reads it."""
    max_pages: int | None = None
    reply_to: str | None = None
    due: Due | None = None
    filing: str | None = None
    anonymous: str | None = None
    """`key=choice`: with this choice the document belongs to a series and names nobody."""
    must_say: tuple[Text, ...] = ()
    """Wording that the Word files must hold, each in its målform."""
    fields: tuple[ManifestField, ...] = Field(default=(), alias="field")
    blocks: tuple[BlockForm, ...] = Field(default=(), alias="block")
    """Only in the case manifest (SAK.toml): the blocks' parts, for all documents."""

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        keys = [field.key for field in self.fields]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise PydanticCustomError(
                "toml_duplicate_keys", "duplicate keys: {keys}", {"keys": ", ".join(twice)}
            )
        return self

    def find(self, key: str) -> ManifestField | None:
        """The field with *key*."""
        return next((field for field in self.fields if field.key == key), None)

    def block(self, name: str) -> tuple[ManifestField, ...]:
        """The parts of the block *name*, in order; empty when this manifest does not say."""
        return next((form.fields for form in self.blocks if form.name == name), ())

    def empties(self, case: Manifest) -> dict[str, Empty]:
        """What stands for values that are missing, by the names that templates use.

        *case* is the case manifest, which says it of the parts of blocks.
        """
        own = {one.key: one.empty for one in self.fields if not one.is_block}
        parts = {
            f"{one.key}.{part.key}": part.empty
            for one in self.fields
            if one.is_block
            for part in case.block(one.type)
        }
        return {key: empty for key, empty in {**parts, **own}.items() if empty != "blank"}

    def fact_fields(self, fact: str) -> Iterator[ManifestField]:
        """The scalar fields that feed *fact* (`meeting`)."""
        return (f for f in self.fields if f.fact and f.fact.partition(".")[0] == fact)

    @property
    def with_consent(self) -> bool:
        """Whether a family has it only with their consent: the services' own, sent to no family."""
        return self.consent == "needs" and self.recipients in {"none", "participants"}

    def scalars(self) -> tuple[ManifestField, ...]:
        """The fields that are one cell each."""
        return tuple(f for f in self.fields if not f.is_block)


def same_text(a: str, b: str) -> bool:
    """Whether two labels are the same to a person: case and white space apart."""
    return a == b or _folded(a) == _folded(b)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
