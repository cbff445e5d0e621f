"""How pages become documents, and which of them are filed without a person."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bti_docs.core.filing import (
    READING_PROBLEMS,
    REASONS,
    Duplicate,
    Evidence,
    Expected,
    File,
    Tray,
    WordReturn,
    decide,
    decide_word,
    refuse,
)
from bti_docs.core.grouping import Group, ScannedPage, gather
from bti_docs.core.references import ArchiveName, PageCode, Reference

HERE = ArchiveName("K7QM")
ELSEWHERE = ArchiveName("AAAA")
REF = Reference("7K3MQ2XP")
OTHER = Reference("ZZZZZZZZ")
ASKED = Expected(REF, 2, ("f1", "f2"))
BOTH = Evidence(frozenset({"f1", "f2"}))


def page(
    number: int,
    x: int | None,
    y: int = 2,
    ref: Reference = REF,
    *,
    archive: ArchiveName = HERE,
    blank: bool = False,
    source: str = "s",
) -> ScannedPage:
    codes = () if x is None else (PageCode(archive, ref, x, y),) * 2
    return ScannedPage(source, number, codes, blank)


def one_group(*pages: ScannedPage) -> Group:
    (group,) = gather(pages, HERE)
    return group


def codes_of(decision: object) -> list[str]:
    assert isinstance(decision, Tray)
    return [reason.code for reason in decision.reasons]


def test_a_whole_signed_return_is_filed() -> None:
    group = one_group(page(1, 1), page(2, 2))
    assert decide(group, ASKED, BOTH) == File(REF, ("f1", "f2"))


def test_pages_fed_in_any_order_are_one_document_in_its_own_order() -> None:
    group = one_group(page(1, 2), page(2, 1))
    assert [sheet.page for sheet in group.sheets] == [1, 2]
    assert [scan.number for scan in group.pages] == [2, 1]


def test_a_document_may_come_in_two_scans() -> None:
    group = one_group(page(1, 1, source="a"), page(1, 2, source="b"))
    assert decide(group, ASKED, BOTH) == File(REF, ("f1", "f2"))


def test_a_heap_of_two_documents_and_strangers_falls_apart() -> None:
    groups = gather(
        [
            page(1, 1),
            page(2, 2),
            page(3, 1, 1, OTHER),
            page(4, 1, 1, OTHER, archive=ELSEWHERE),
            page(5, None),
            page(6, None),
        ],
        HERE,
    )
    kinds = [(group.kind, group.reference, len(group.pages)) for group in groups]
    assert kinds == [
        ("document", REF, 2),
        ("document", OTHER, 1),
        ("foreign", None, 1),
        ("codeless", None, 2),
    ]


def test_an_empty_back_is_kept_and_does_not_matter() -> None:
    group = one_group(page(1, 1), page(2, None, blank=True), page(3, 2), page(4, None, blank=True))
    assert decide(group, ASKED, BOTH) == File(REF, ("f1", "f2"))
    assert len(group.pages) == 4


def test_a_written_back_is_looked_at() -> None:
    group = one_group(page(1, 1), page(2, None), page(3, 2), page(4, None, blank=True))
    assert codes_of(decide(group, ASKED, BOTH)) == ["back_written"]


@pytest.mark.parametrize(
    "pages",
    [
        [page(1, 1, 1), page(2, None)],
        [page(1, 1, 1), page(2, None, blank=True), page(3, None), page(4, None, blank=True)],
        [page(1, 1), page(2, None), page(3, 2)],
        [page(1, 1), page(2, 2), page(3, 1, 1, OTHER), page(4, None)],
    ],
    ids=["two sheets", "duplex", "between", "last"],
)
def test_a_page_whose_code_cannot_be_read_is_nobodys_back(pages: list[ScannedPage]) -> None:
    groups = gather(pages, HERE)
    (alone,) = [group for group in groups if group.kind == "codeless"]
    assert not alone.pages[0].blank
    assert all(scan.codes or scan.blank for g in groups if g is not alone for scan in g.pages)
    assert codes_of(decide(alone, None, Evidence())) == ["no_code"]


def test_blank_pages_before_the_first_code_go_with_it() -> None:
    group = one_group(page(1, None, blank=True), page(2, 1, 1))
    assert group.kind == "document"
    assert len(group.pages) == 2


def test_a_blank_file_does_not_become_part_of_the_next() -> None:
    groups = gather([page(1, None, blank=True, source="a"), page(1, 1, 1, source="b")], HERE)
    assert [group.kind for group in groups] == ["blank", "document"]
    assert codes_of(decide(groups[0], None, Evidence())) == ["blank_only"]


def test_whole_copies_are_each_a_group_and_stray_repetitions_are_not() -> None:
    twice = gather([page(1, 1), page(2, 2), page(3, 1), page(4, 2)], HERE)
    assert [[scan.number for scan in group.pages] for group in twice] == [[1, 2], [3, 4]]
    stray = one_group(page(1, 1), page(2, 2), page(3, 2))
    assert codes_of(decide(stray, ASKED, BOTH)) == ["page_twice"]


def test_every_missing_page_is_named() -> None:
    decision = decide(one_group(page(1, 2, 3)), Expected(REF, 3), Evidence())
    assert isinstance(decision, Tray)
    assert [dict(reason.params) for reason in decision.reasons] == [
        {"page": 1, "pages": 3},
        {"page": 3, "pages": 3},
    ]
    assert decision.guess == REF


@pytest.mark.parametrize(
    ("group", "code"),
    [
        (one_group(page(1, None)), "no_code"),
        (one_group(page(1, 1, archive=ELSEWHERE)), "foreign_archive"),
        (one_group(page(1, 1, 1)), "unknown_reference"),
    ],
)
def test_pages_without_a_document_of_ours(group: Group, code: str) -> None:
    assert codes_of(decide(group, None, Evidence())) == [code]


def test_two_codes_that_disagree_on_one_page() -> None:
    codes = (PageCode(HERE, REF, 1, 1), PageCode(HERE, OTHER, 1, 1))
    group = one_group(ScannedPage("s", 1, codes))
    assert codes_of(decide(group, None, Evidence())) == ["codes_disagree"]


def test_a_signer_without_ink_is_named_by_code() -> None:
    group = one_group(page(1, 1), page(2, 2))
    decision = decide(group, ASKED, Evidence())
    assert isinstance(decision, Tray)
    assert [(reason.code, dict(reason.params)) for reason in decision.reasons] == [
        ("signature_look", {"signer": "f1"}),
        ("signature_look", {"signer": "f2"}),
    ]


def test_a_sheet_that_shows_some_of_the_signers_is_filed_and_one_in_doubt_is_not() -> None:
    group = one_group(page(1, 1), page(2, 2))
    only_one = frozenset({"f1"})
    assert decide(group, ASKED, Evidence(only_one)) == File(REF, ("f1",))
    doubt = decide(group, ASKED, Evidence(only_one, doubtful=frozenset({"f2"})))
    assert isinstance(doubt, Tray)
    assert doubt.seen == ("f1",)
    assert [dict(reason.params) for reason in doubt.reasons] == [{"signer": "f2"}]
    before = Expected(REF, 2, ("f1", "f2"), only_one)
    assert codes_of(decide(group, before, Evidence(only_one))) == ["signature_look"]


def test_nobody_looks_for_a_signature_on_a_page_that_is_not_there() -> None:
    expected = Expected(REF, 2, ("f1", "f2"), signs_on={"f1": 1, "f2": 2})
    first = decide(one_group(page(1, 1)), expected, Evidence())
    assert codes_of(first) == ["page_missing", "signature_look"]
    assert isinstance(first, Tray)
    assert [dict(r.params) for r in first.reasons if r.code == "signature_look"] == [
        {"signer": "f1"}
    ]
    pageless = decide(one_group(page(1, 0, 0)), expected, Evidence())
    assert codes_of(pageless) == ["pageless_code", "signature_look", "signature_look"]


def test_returns_add_up_to_all_signers() -> None:
    group = one_group(page(1, 1), page(2, 2))
    expected = Expected(REF, 2, ("f1", "f2"), frozenset({"f1"}))
    assert decide(group, expected, Evidence(frozenset({"f2"}))) == File(REF, ("f2",))


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (Evidence(BOTH.signatures, written_on=frozenset({1})), "ink_outside"),
        (Evidence(BOTH.signatures, not_aligned=frozenset({2})), "page_not_aligned"),
        (Evidence(BOTH.signatures, digital_signature=True), "digital_signature_unchecked"),
    ],
)
def test_what_the_pixels_say_can_hold_a_return_back(evidence: Evidence, code: str) -> None:
    group = one_group(page(1, 1), page(2, 2))
    assert codes_of(decide(group, ASKED, evidence)) == [code]


def test_a_second_return_is_a_duplicate_only_without_new_signer_and_ink() -> None:
    group = one_group(page(1, 1), page(2, 2))
    over = Expected(REF, 2, ("f1", "f2"), frozenset({"f1", "f2"}), settled=True)
    assert decide(group, over, BOTH) == Duplicate(REF)
    written = Evidence(BOTH.signatures, written_on=frozenset({1}))
    assert codes_of(decide(group, over, written)) == ["already_settled", "ink_outside"]
    orally = Expected(REF, 2, ("f1", "f2"), settled=True)
    assert codes_of(decide(group, orally, BOTH)) == ["already_settled"]


def test_codes_that_know_another_page_count_or_none() -> None:
    assert codes_of(decide(one_group(page(1, 1, 1)), ASKED, BOTH)) == ["page_count_differs"]
    assert codes_of(decide(one_group(page(1, 0, 0)), ASKED, BOTH)) == ["pageless_code"]


def test_a_word_file() -> None:
    expected = Expected(REF, 1)
    assert decide_word(WordReturn(HERE, REF), HERE, expected) == File(REF, ())
    changed = WordReturn(HERE, REF, 2, ("moete.dato",), digital_signature=True)
    assert codes_of(decide_word(changed, HERE, expected)) == [
        "docx_text_changed",
        "docx_field_missing",
        "digital_signature_unchecked",
    ]
    assert codes_of(decide_word(WordReturn(None, None), HERE, None)) == ["docx_not_ours"]
    assert codes_of(decide_word(WordReturn(ELSEWHERE, REF), HERE, None)) == ["foreign_archive"]
    assert codes_of(decide_word(WordReturn(HERE, OTHER), HERE, None)) == ["unknown_reference"]
    unsigned = decide_word(WordReturn(HERE, REF), HERE, Expected(REF, 1, ("f1",), settled=True))
    assert codes_of(unsigned) == ["already_settled", "signature_look"]


def test_files_that_cannot_be_read() -> None:
    assert codes_of(refuse(["encrypted"])) == ["encrypted"]
    assert set(READING_PROBLEMS) <= set(REASONS)


SCANS = st.builds(
    page,
    st.integers(1, 50),
    st.one_of(st.none(), st.integers(1, 3)),
    st.just(3),
    st.sampled_from([REF, OTHER]),
    archive=st.sampled_from([HERE, ELSEWHERE]),
    blank=st.booleans(),
    source=st.sampled_from("ab"),
)


@given(st.lists(SCANS, max_size=20))
def test_every_page_is_in_exactly_one_group(pages: list[ScannedPage]) -> None:
    gathered = [scan for group in gather(pages, HERE) for scan in group.pages]
    assert Counter(gathered) == Counter(pages)


@given(st.permutations([page(n, n, 5) for n in range(1, 6)]))
def test_the_order_of_feeding_does_not_matter(pages: list[ScannedPage]) -> None:
    assert decide(one_group(*pages), Expected(REF, 5), Evidence()) == File(REF, ())


SIGNERS = st.frozensets(st.sampled_from(["f1", "f2", "barn"]))


@given(
    st.lists(SCANS, min_size=1, max_size=6), SIGNERS, SIGNERS, SIGNERS, st.booleans(), st.booleans()
)
def test_nothing_is_filed_that_lacks_a_page_or_a_new_signer(
    pages: list[ScannedPage],
    asked: frozenset[str],
    before: frozenset[str],
    now: frozenset[str],
    settled: bool,  # noqa: FBT001
    written: bool,  # noqa: FBT001
) -> None:
    expected = Expected(REF, 3, tuple(sorted(asked)), before, settled=settled)
    evidence = Evidence(now, written_on=frozenset({1}) if written else frozenset())
    for group in gather(pages, HERE):
        decision = decide(group, expected if group.reference == REF else None, evidence)
        if isinstance(decision, File):
            assert [sheet.page for sheet in group.sheets] == [1, 2, 3]
            assert asked <= before | now or now & asked - before
            assert not settled
            assert not written
        if isinstance(decision, Tray):
            assert decision.reasons
            assert {reason.code for reason in decision.reasons} <= set(REASONS)
