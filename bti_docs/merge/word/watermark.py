"""A word across every page of a Word file, drawn as Word draws its own watermarks."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from bti_docs.merge.word.package import Package, add_relationship, declare, open_package
from bti_docs.merge.word.xml import NS, Element, R, W, parse, serialise

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_NAME: Final = "word/headerWatermark.xml"
_NAMES: Final = (
    f'xmlns:w="{NS["w"]}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_SHAPE_TYPE: Final = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
    '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
    'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" '
    'xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
)
"""Word's own shape for words drawn as pictures, with the number that all its files give it."""
_STYLE: Final = (
    "position:absolute;margin-left:0;margin-top:0;width:480pt;height:130pt;rotation:308;"
    "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)


def watermarked(docx: bytes, word: str) -> bytes:
    """The file with *word* across every page. Same input, same bytes.

    Raises:
        MergeError: As `bti_docs.merge.word.package.open_package`.
    """
    package = open_package(docx)
    main = package.main_part()
    if next(package.related(main, "header"), None) is None:
        package = _with_header(package, main)
    headers = list(package.related(main, "header"))
    for number, name in enumerate(headers, start=1):
        root = parse(package.members[name], name)
        paragraphs = root.findall(W + "p")
        holder = paragraphs[-1] if paragraphs else etree.SubElement(root, W + "p")
        holder.append(_run(word, number))
        package = package.with_members({name: serialise(root)})
    return package.to_bytes()


def _with_header(package: Package, main: str) -> Package:
    """A header in every section, for a document that has none."""
    empty = etree.Element(W + "hdr", nsmap={"w": NS["w"]})
    etree.SubElement(empty, W + "p")
    package = declare(package.with_members({_NAME: serialise(empty)}), _NAME, _TYPE)
    package, number = add_relationship(package, main, "header", _NAME)
    root = parse(package.members[main], main)
    for section in root.iter(W + "sectPr"):
        values = {W + "type": "default", R + "id": number}
        section.insert(0, etree.Element(W + "headerReference", values, nsmap={"r": NS["r"]}))
    return package.with_members({main: serialise(root)})


def _run(word: str, number: int) -> Element:
    return etree.fromstring(
        f"<w:r {_NAMES}><w:rPr><w:noProof/></w:rPr><w:pict>{_SHAPE_TYPE}"
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" '
        f'type="#_x0000_t136" alt={quoteattr(word)} style="{_STYLE}" o:allowincell="f" '
        'fillcolor="#606060" stroked="f"><v:fill opacity=".22"/>'
        '<v:textpath style="font-family:&quot;Carlito&quot;;font-size:1pt" '
        f"string={quoteattr(word)}/></v:shape></w:pict></w:r>"
    )
