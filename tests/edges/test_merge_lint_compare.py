"""What a new version of a Word file changes, paragraph by paragraph."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bti_docs.merge.lint.compare import Difference, compare
from tests.edges.docx_samples import (
    PIXEL,
    STYLES,
    docx,
    field,
    p,
    picture,
    r,
    saved_by_word,
    sdt,
    tbl,
    tr,
)

TEMPLATES = sorted((Path(__file__).parents[2] / "templates" / "docx").glob("*.docx"))
WORDS = st.lists(
    st.text("abcæøå ", min_size=1).filter(str.strip),
    unique_by=lambda t: " ".join(t.split()),
    max_size=6,
)


def told(old: str, new: str) -> list[tuple[str, str, str, str]]:
    return [short(one) for one in compare(docx(old), docx(new), language="nb")]


def short(one: Difference) -> tuple[str, str, str, str]:
    return one.what, one.how, one.old, one.new


def test_text_is_added_removed_changed_and_moved() -> None:
    start = p("Det er frivillig å samtykke.") + p("Du kan trekke det.") + p("Hilsen oss")
    assert told(start, start) == []
    assert told(start, p("Ny") + start) == [("text", "added", "", "Ny")]
    assert told(p("Ny") + start, start) == [("text", "removed", "Ny", "")]
    changed = start.replace("å samtykke", "å si ja")
    assert told(start, changed) == [
        ("text", "changed", "Det er frivillig å samtykke.", "Det er frivillig å si ja.")
    ]
    moved = p("Hilsen oss") + p("Det er frivillig å samtykke.") + p("Du kan trekke det.")
    assert told(start, moved) == [("text", "moved", "Hilsen oss", "Hilsen oss")]


def test_a_change_has_its_place() -> None:
    (one,) = compare(docx(p("a"), footer=p("Side")), docx(p("a"), footer=p("Ark")), language="nb")
    assert (one.place.kind, one.place.role, one.place.paragraph) == ("footer", "default", 1)


def test_controls_pictures_and_styles() -> None:
    old = f"<w:p>{sdt('a', 'Navn', r('{{ a }}'))}</w:p>"
    new = f"<w:p>{sdt('a', 'Fullt navn', r('{{ a }}'))}</w:p>"
    assert told(old, new) == [("control", "changed", "Navn (a)", "Fullt navn (a)")]
    assert told(old, p("{{ a }}")) == [("control", "removed", "Navn (a)", "")]
    assert told(p("a"), p("a") + picture("Skjold")) == [("picture", "added", "", "Skjold")]
    other = {"word/media/image1.png": PIXEL + b" "}
    differences = compare(docx(picture("x")), docx(picture("x"), extra=other), language="nb")
    assert [(one.what, one.how) for one in differences] == [
        ("picture", "added"), ("picture", "removed")
    ]  # fmt: skip
    styles = {"word/styles.xml": STYLES.replace('w:styleId="Normal"><w:name w:val="Normal"/>',
              'w:styleId="Normal"><w:name w:val="Normal"/><w:rPr><w:b/></w:rPr>')}  # fmt: skip
    (one,) = compare(docx(p("a")), docx(p("a"), extra=styles), language="nb")
    assert (short(one), one.place.style) == (("style", "changed", "Normal", "Normal"), "Normal")


WHITE = '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>'


def looks(old: str, new: str) -> list[tuple[str, str, str, str]]:
    found = compare(docx(old), docx(new), language="nb")
    return [(f.what, o.look, o.old, o.new) for f in found for o in f.looks]


def test_looks_are_told_letter_by_letter() -> None:
    plain = p("Det er frivillig.")
    cut = f"<w:p>{r('Det er ')}{r('frivillig.')}</w:p>"
    assert looks(plain, cut) == []
    for code, look, value in (
        ('<w:color w:val="FFFFFF"/>', "colour", "FFFFFF"),
        ("<w:vanish/>", "vanish", "on"),
        ('<w:sz w:val="1"/>', "size", "0.5"),
        ("<w:b/>", "bold", "on"),
    ):
        changed = f"<w:p>{r('Det er ')}{r('frivillig.', f'<w:rPr>{code}</w:rPr>')}</w:p>"
        assert looks(plain, changed) == [("look", look, "", value)]
    worded = f"<w:p>{r('Det er helt frivillig.', WHITE)}</w:p>"
    assert ("look", "colour", "", "FFFFFF") in looks(plain, worded)
    page, day = (f"<w:p>{r('Side ')}{field(name)}</w:p>" for name in ("PAGE", "NUMPAGES"))
    assert looks(page, day) == [("look", "instruction", "PAGE", "NUMPAGES")]


def test_a_hidden_row_and_the_defaults_are_told() -> None:
    shown, hidden = (
        tbl(tr(p("a"), p("b"), properties=props), columns=2)
        for props in ("", "<w:trPr><w:hidden/></w:trPr>")
    )
    assert ("look", "hidden_row", "", "on") in looks(shown, hidden)
    small = {"word/styles.xml": STYLES.replace('<w:sz w:val="22"/>', '<w:sz w:val="1"/>')}
    (one,) = compare(docx(p("a")), docx(p("a"), extra=small), language="nb")
    assert (one.what, [(o.look, o.old, o.new) for o in one.looks]) == (
        "style", [("size", "11", "0.5")]
    )  # fmt: skip


def test_a_lock_is_told() -> None:
    free, locked = (
        f"<w:p>{sdt('a', 'Navn', r('{{ a }}'), kind)}</w:p>"
        for kind in ("<w:text/>", '<w:lock w:val="contentLocked"/><w:text/>')
    )
    assert told(free, locked) == [("lock", "changed", "", "contentLocked")]


def test_the_marks_of_saving_in_word_are_no_change() -> None:
    for path in TEMPLATES[:2]:
        content = path.read_bytes()
        assert compare(content, saved_by_word(content), language="nb") == ()


@given(WORDS, WORDS)
def test_a_comparison_accounts_for_every_paragraph(old: list[str], new: list[str]) -> None:
    body = [compare(docx("".join(map(p, a))), docx("".join(map(p, b))), language="nb")
            for a, b in ((old, new), (old, old))]  # fmt: skip
    found, none = body
    assert none == ()
    taken = [one.old for one in found if one.how in {"removed", "changed"}]
    put = [one.new for one in found if one.how in {"added", "changed"}]
    left = sorted(text for line in old if (text := " ".join(line.split())) not in taken)
    kept = sorted(text for line in new if (text := " ".join(line.split())) not in put)
    assert left == kept
