"""Rich text: a typed value as runs of its own, in the looks of the place it goes to."""

from __future__ import annotations

from typing import Final

from lxml import etree

from bti_docs.merge.language.values import RichText, Run, printed, text_xml
from bti_docs.merge.word.xml import W_URI, Element, W

_NAMESPACE: Final = f' xmlns:w="{W_URI}"'
_LOOKS: Final = (("b", "bold"), ("i", "italic"), ("u", "underline"))
_BEFORE: Final = {
    "b": ("rStyle", "rFonts"),
    "i": ("rStyle", "rFonts", "b", "bCs"),
    "u": (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
        "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden",
        "color", "spacing", "w", "kern", "position", "sz", "szCs", "highlight",
    ),
}  # fmt: skip


def rich_runs(value: object, properties: str, path: str) -> str:
    """The runs' XML for `{{r path }}`; a plain text is one run.

    Args:
        value: A `RichText`, or what `{{ path }}` could print.
        properties: The place's own looks: `<w:rPr>…</w:rPr>`, or nothing.
        path: The field, for errors.

    Raises:
        MergeError: `unprintable_value`.
    """
    if not isinstance(value, RichText):
        return _run_xml(properties, text_xml(printed(value, path), path))
    return "".join(
        _run_xml(_properties(properties, run), text_xml(run.text, path)) for run in value.runs
    )


def _run_xml(properties: str, text: str) -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _properties(properties: str, run: Run) -> str:
    wanted = [name for name, attribute in _LOOKS if getattr(run, attribute)]
    if not wanted:
        return properties
    inner = properties or "<w:rPr/>"
    root = etree.fromstring(f"<w:x{_NAMESPACE}>{inner}</w:x>")[0]
    for name in wanted:
        _set(root, name)
    return etree.tostring(root, encoding="unicode").replace(_NAMESPACE, "", 1)


def _set(root: Element, name: str) -> None:
    for old in root.findall(W + name):
        root.remove(old)
    before = {W + one for one in _BEFORE[name]}
    at = sum(1 for child in root if child.tag in before)
    values = {W + "val": "single"} if name == "u" else {}
    root.insert(at, etree.Element(W + name, values))
