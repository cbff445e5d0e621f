"""The theme part: openxml-audit asks for one; it repeats the letterhead's colours and font."""

from __future__ import annotations

from typing import Final

from wml import ACCENT, GREY, RULE, TINT

_A: Final = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_COLOURS: Final = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": ACCENT,
    "lt2": TINT,
    "accent1": ACCENT,
    "accent2": GREY,
    "accent3": RULE,
    "accent4": "7A5C00",
    "accent5": "8A3B12",
    "accent6": "3F6B2A",
    "hlink": ACCENT,
    "folHlink": GREY,
}


def _font(kind: str) -> str:
    faces = '<a:latin typeface="Carlito"/><a:ea typeface=""/><a:cs typeface=""/>'
    return f"<a:{kind}>{faces}</a:{kind}>"


def theme_xml() -> str:
    """theme1.xml with three plain fills, lines and effects, the fewest the schema allows."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items()
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    rule = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme {_A} name="BTI"><a:themeElements>'
        f'<a:clrScheme name="BTI">{colours}</a:clrScheme>'
        f'<a:fontScheme name="BTI">{_font("majorFont")}{_font("minorFont")}</a:fontScheme>'
        f'<a:fmtScheme name="BTI"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{rule * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )
