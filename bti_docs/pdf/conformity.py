"""Whether a document is made only of parts that are known to be PDF/A-2b: a quick yes, or no.

The whole validator costs ten times as much as all other stamping. Yet dxpdf's files use a small
vocabulary: two dozen operators, twenty shapes of object, one way to embed a font. A file is passed
here only when every object and every operator is of that vocabulary, with its values in the
standard's limits (ISO 19005-2, 6.1.13), each glyph shown is in the embedded font, and its width is
the font's own (6.2.11.5). Anything else, right or wrong, is left to the whole validator. The
tests hold this against it and, where it is installed, against veraPDF.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

MAX_NESTING: Final = 28
"""How deep `q` may be nested (6.1.13)."""
_WIDTH_TOLERANCE: Final = 1.0
"""Thousandths of the type size that a stated width may be off (6.2.11.5)."""

_NUMBER: Final = r"-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})"
_REF: Final = r"\d{1,7} 0 R"
_WORDS: Final = {
    "NUM": _NUMBER,
    "INT": r"-?\d{1,9}",
    "PART": r"(?:0|1|0?\.\d{1,9})",
    "NAME": r"/[A-Za-z0-9+_-]{1,60}",
    "TEXT": r"(?:\((?:[^()\\]|\\.){0,4000}+\)|<(?:[0-9a-f]{2}){0,4000}+>)",
    "REF": _REF,
    "REFS": rf"\[ (?:{_REF} )*+\]",
    "BOX": rf"\[ (?:{_NUMBER} ){{4}}\]",
    "DEST": rf"\[ {_REF} /XYZ (?:{_NUMBER} ){{3}}\]",
}
_SHAPES: Final = r"""
/BM /Normal(?: /CA PART /LC [012] /LJ [012] /LW NUM /ML NUM /SA (?:true|false))? /ca PART

/BaseFont NAME /DescendantFonts REFS /Encoding /Identity-H /Subtype /Type0 /ToUnicode REF
/Type /Font

/BaseFont NAME /CIDSystemInfo << /Ordering \(Identity\) /Registry \(Adobe\) /Supplement 0 >>
/CIDToGIDMap /Identity /DW NUM /FontDescriptor REF /Subtype /CIDFontType2 /Type /Font
/W \[ [0-9. \[\]-]*\]

/Ascent NUM /CapHeight NUM /Descent NUM /Flags INT /FontBBox BOX /FontFile2 REF
/FontName NAME /ItalicAngle NUM /StemV NUM /Type /FontDescriptor

(?:/Alt TEXT )?/K (?:REFS|REF|INT) /P REF (?:/Pg REF )?/S /(?:Document|H[1-6]?|P)
/Type /StructElem

/K (?:REFS|REF) /ParentTree REF /ParentTreeNextKey INT /Type /StructTreeRoot

/Nums \[ (?:INT (?:REFS|REF) )*+\] /Type /ParentTree

/Count INT /First REF /Last REF /Type /Outlines

(?:/Count INT )?/Dest DEST (?:/First REF /Last REF )?(?:/Next REF )?/Parent REF
(?:/Prev REF )?/Title TEXT

/Count INT /Kids REFS (?:/Parent REF )?/Type /Pages

/Contents REFS /MediaBox BOX /Parent REF /Resources <<
/ExtGState << (?:/G\d+ REF )+>> /Font << (?:/F\d+ REF )+>>(?: /ProcSet \[ [A-Za-z/ ]{1,60}\])?
/XObject << (?:/X\d+ REF )*/BtiCode REF (?:/X\d+ REF )*>> >>
(?:/StructParents INT )?(?:/Tabs /S )?/Type /Page

/Lang TEXT (?:/MarkInfo << /Marked true >> )?/Metadata REF(?: /Outlines REF)?
/OutputIntents REFS /Pages REF (?:/StructTreeRoot REF )?/Type /Catalog
/ViewerPreferences << /DisplayDocTitle true >>

/Producer TEXT(?: /Title TEXT)?

/Title TEXT

/DestOutputProfile REF /Info TEXT /OutputConditionIdentifier TEXT /S /GTS_PDFA1
/Type /OutputIntent
"""
_STREAM_SHAPES: Final = r"""
(?:/Filter /FlateDecode )?/Length INT(?: /Length1 INT| /N 3)?

/BBox BOX (?:/Filter /FlateDecode )?/Length INT /Resources << >> /Subtype /Form /Type /XObject

/Length INT /Subtype /XML /Type /Metadata

/BitsPerComponent (?:1|8) /ColorSpace /Device(?:Gray|RGB) /Filter /(?:Flate|DCT)Decode
/Height INT /Length INT (?:/SMask REF )?/Subtype /Image /Type /XObject /Width INT
"""
_LINES: Final = r"""
BT|ET|EMC|q|Q|f\*?|S|n|h|W\*? n

/F\d+ NUM Tf|<(?:[0-9A-F]{4}){1,8000}+> Tj

(?:NUM ){6}(?:Tm|cm|c)|(?:NUM ){4}re|(?:NUM ){2}[ml]|NUM [wJjM]

(?:NUM ){3}RG (?:NUM ){3}rg|/G\d+ gs|/X\d+ Do

/[A-Z][A-Za-z0-9]* <</MCID \d+ >>BDC|/Artifact BMC(?: q (?:NUM ){6}cm /BtiCode Do Q)+ EMC
"""


def _grammar(shapes: str) -> str:
    """One expression out of shapes with a blank line between them."""
    joined = "|".join(" ".join(shape.split()) for shape in shapes.split("\n\n"))
    return re.sub(r"\b(?:" + "|".join(_WORDS) + r")\b", lambda word: _WORDS[word[0]], joined)


_OBJECT: Final = re.compile(f"<< (?:{_grammar(_SHAPES)}) >>".encode("ascii"), re.DOTALL)
_STREAM: Final = re.compile(f"<< (?:{_grammar(_STREAM_SHAPES)}) >>".encode("ascii"))
_ARRAY: Final = re.compile(_WORDS["REFS"].encode("ascii"))
_CONTENT: Final = re.compile(
    f"(?:(?:{_grammar(_LINES)})?\n)*+(?:{_grammar(_LINES)})?".encode("ascii")
)
_SHOWN: Final = re.compile(rb"/(F\d+) \S+ Tf|<([0-9A-F]+)> Tj|^([qQ])$", re.MULTILINE)
_WIDTHS: Final = re.compile(rb"(\d+) \[ ([0-9. -]*)\]|(\d+) (\d+) (-?[0-9.]+)")


def is_known_to_conform(document: Pdf) -> bool:
    """Whether *document*, prepared and as qpdf would write it, is surely PDF/A-2b.

    False says only that the whole validator must decide.
    """
    if not all(map(_is_known, document.objects)):
        return False
    return _leaves(document.Root.Pages) > 0 and _fonts_conform(document)


def _leaves(node: pikepdf.Object) -> int:
    """The pages below *node* of the page tree; -1 when some node does not say their number."""
    if node.Type == Name.Page:
        return 1
    leaves = [_leaves(kid) for kid in node.Kids]
    return -1 if min(leaves, default=0) < 0 or sum(leaves) != node.Count else sum(leaves)


def _is_known(item: pikepdf.Object) -> bool:
    if isinstance(item, Stream):
        return _STREAM.fullmatch(Dictionary(dict(item.items())).unparse()) is not None
    if isinstance(item, Dictionary):
        return _OBJECT.fullmatch(item.unparse(resolved=True)) is not None
    return _ARRAY.fullmatch(item.unparse(resolved=True)) is not None


def _fonts_conform(document: Pdf) -> bool:
    shown: dict[tuple[int, int], tuple[pikepdf.Object, set[int]]] = {}
    for page in document.pages:
        content = b"\n".join(part.read_bytes() for part in page.obj.Contents)
        if _CONTENT.fullmatch(content) is None:
            return False
        glyphs = _glyphs_shown(content)
        if glyphs is None:
            return False
        fonts = page.obj.Resources.Font
        for name, codes in glyphs.items():
            font = fonts.get(f"/{name}")
            if font is None or font.get(Name.Subtype) != Name.Type0:
                return False
            shown.setdefault(font.objgen, (font, set()))[1].update(codes)
    return all(_font_conforms(font, codes) for font, codes in shown.values())


def _glyphs_shown(content: bytes) -> dict[str, set[int]] | None:
    """Font's name → the glyphs drawn with it; None when nested too deep or no font is set."""
    texts: dict[bytes, list[bytes]] = {}
    current: list[bytes] | None = None
    depth = deepest = 0
    for name, text, nesting in _SHOWN.findall(content):
        if name:
            current = texts.setdefault(name, [])
        elif nesting:
            depth += 1 if nesting == b"q" else -1
            deepest = max(deepest, depth)
        elif current is None or len(text) % 4:
            return None
        else:
            current.append(text)
    if deepest >= MAX_NESTING or depth:
        return None
    return {name.decode("ascii"): _numbers(parts) for name, parts in texts.items()}


def _numbers(parts: list[bytes]) -> set[int]:
    """The glyphs of shown texts: hexadecimal, two bytes a glyph."""
    shown = bytes.fromhex(b"".join(parts).decode("ascii"))
    return set(struct.unpack(f">{len(shown) // 2}H", shown))


def _font_conforms(font: pikepdf.Object, glyphs: set[int]) -> bool:
    descendant = font.DescendantFonts[0]
    try:
        advances, units = _advances(descendant.FontDescriptor.FontFile2.read_bytes())
    except (struct.error, KeyError, ValueError, IndexError):
        return False
    if 0 in glyphs or max(glyphs, default=1) >= len(advances):
        return False
    stated = dict(_stated_widths(descendant.W.unparse()))
    otherwise = float(descendant.DW)
    return all(
        abs(stated.get(glyph, otherwise) - advances[glyph] * 1000 / units) <= _WIDTH_TOLERANCE
        for glyph in glyphs
    )


def _stated_widths(text: bytes) -> Iterator[tuple[int, float]]:
    for first, widths, start, end, width in _WIDTHS.findall(text.strip(b"[] ") + b" ]"):
        if first:
            yield from enumerate(map(float, widths.split()), start=int(first))
        else:
            yield from ((glyph, float(width)) for glyph in range(int(start), int(end) + 1))


def _advances(program: bytes) -> tuple[list[int], int]:
    """Each glyph's width, and units to the em, of a TrueType program whose tables fit each other.

    Raises:
        struct.error, KeyError, ValueError, IndexError: They do not.
    """
    (count,) = struct.unpack_from(">H", program, 4)
    tables = {}
    for number in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", program, 12 + 16 * number)
        tables[tag] = program[start : start + length]
        if len(tables[tag]) != length:
            raise ValueError
    (units,) = struct.unpack_from(">H", tables[b"head"], 18)
    (long_offsets,) = struct.unpack_from(">h", tables[b"head"], 50)
    (glyphs,) = struct.unpack_from(">H", tables[b"maxp"], 4)
    (metrics,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    size = "I" if long_offsets else "H"
    offsets = struct.unpack(f">{glyphs + 1}{size}", tables[b"loca"])
    end = offsets[-1] * (1 if long_offsets else 2)
    fits = 0 < metrics <= glyphs and units > 0 and end <= len(tables[b"glyf"])
    if not fits or list(offsets) != sorted(offsets):
        raise ValueError
    advances = list(struct.unpack_from(f">{metrics * 2}H", tables[b"hmtx"])[::2])
    return advances + advances[-1:] * (glyphs - metrics), units
