"""The print form of a document: what PDF engines see."""

from __future__ import annotations

import unicodedata

from bti_docs.merge.word.blank_rows import drop_blank_rows
from bti_docs.merge.word.controls import unwrap
from bti_docs.merge.word.header_rows import hold_header_rows
from bti_docs.merge.word.package import open_package
from bti_docs.merge.word.parts import story_parts
from bti_docs.merge.word.pictures import placeholders, remove
from bti_docs.merge.word.prompts import PROMPT, mark_prompts
from bti_docs.merge.word.structure import make_whole
from bti_docs.merge.word.xml import Element, W, parse, serialise


def print_form(docx: bytes, *, finished: bool = False, prompt: str = PROMPT) -> bytes:
    """The same document for paper: controls unwrapped, prompts and placeholder pictures out.

    Args:
        docx: The document.
        finished: Nothing is left to fill in by hand: blank rows of lists go too.
        prompt: What `Template.render` put into empty controls, for files whose marks are lost.

    Measured: a PDF engine drops text in inline controls without a word, and the accents of
    letters in decomposed form; so text is composed (NFC). Same input, same bytes.

    Raises:
        MergeError: As `bti_docs.merge.word.package.open_package`.
    """
    package = open_package(docx)
    changed = {}
    for part in story_parts(package):
        root = parse(package.members[part.name], part.label)
        if finished:
            drop_blank_rows(root, prompt)
        mark_prompts(root, prompt)
        unwrap(root)
        for placeholder in list(placeholders(root)):
            remove(placeholder)
        _compose(root)
        make_whole(root)
        hold_header_rows(root)
        changed[part.name] = serialise(root)
    return package.with_members(changed).to_bytes()


def _compose(root: Element) -> None:
    for node in root.iter(W + "t"):
        if node.text and not node.text.isascii():
            node.text = unicodedata.normalize("NFC", node.text)
