"""The merge engine: a Word template, filled with values, and read back when it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from bti_docs.errors import MergeError
from bti_docs.merge.engine.compiled import Compiled, compile_template
from bti_docs.merge.engine.packing import Packing
from bti_docs.merge.engine.rendering import Request
from bti_docs.merge.language.empties import Policy
from bti_docs.merge.readback.document import ReadBack, read_document
from bti_docs.merge.word.findings import FieldNode, Finding
from bti_docs.merge.word.prompts import PROMPT

_LANGUAGES: Final = ("nb", "nn", "en")


class Template:
    """A Word template, compiled once. It does not change, and may be used by many threads.

    Pickling it keeps its bytes and compiles them again on the other side.
    """

    __slots__ = ("_compiled", "_made_from", "language")

    def __init__(
        self,
        content: bytes,
        language: str,
        packing: Packing = "deflate",
        empties: Mapping[str, Policy] = MappingProxyType({}),
    ) -> None:
        self._made_from = content, language, packing, dict(empties)
        self.language: Final = language
        self._compiled: Compiled = compile_template(content, language, packing, empties)

    @classmethod
    def open(
        cls,
        source: Path | str | bytes,
        *,
        language: str | None = None,
        packing: Packing = "deflate",
        empties: Mapping[str, Policy] = MappingProxyType({}),
    ) -> Self:
        """Open a template.

        Args:
            source: A file or its bytes.
            language: `nb`, `nn` or `en`; otherwise from the file's name (`SAM.nn.docx`), or `nb`.
            packing: `blocks` packs what documents share beforehand: faster, files a fifth larger.
            empties: What stands for a field without a value, by the field's dotted name: `dash`,
                `line`, `omit_paragraph`, `omit_row`; otherwise nothing does.

        Raises:
            MergeError: When it is no sound Word file: `docx_not_zip`, `docx_encrypted`,
                `docx_too_large`, `docx_damaged`, `docx_macros`, `docx_doctype`, `docx_xml`,
                `docx_no_document`, `docx_strict`, `docx_prefix`; or `tpl_language`.
        """
        if isinstance(source, bytes):
            return cls(source, language or _LANGUAGES[0], packing, empties)
        path = Path(source)
        return cls(path.read_bytes(), language or _language_of(path), packing, empties)

    def __reduce__(self) -> tuple[Callable[..., Template], tuple[object, ...]]:
        """Pickled as its bytes."""
        return Template, self._made_from

    @property
    def fields(self) -> tuple[FieldNode, ...]:
        """The fields that it wants, sorted; a list's fields under the list."""
        return self._compiled.fields

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with it. With an error among them it does not render."""
        return self._compiled.problems

    def render(
        self,
        data: Mapping[str, object],
        *,
        pictures: Mapping[str, bytes] = MappingProxyType({}),
        properties: Mapping[str, str] = MappingProxyType({}),
        placeholder: str = PROMPT,
        refuse_unknown: bool = True,
    ) -> bytes:
        """Fill the template: the docx that leaves. Same input, same bytes.

        Args:
            data: Values by field: texts, numbers, yes/no, dates, lists and objects of those.
            pictures: PNG or JPEG by placeholder key, `kode` or `bilde:logo`. Placeholders
                without a picture are taken out.
            properties: The file's own properties, read again by `read_properties`.
            placeholder: What an empty content control asks the reader to do.
            refuse_unknown: Refuse data that no field reads; off for data made for many templates.

        Raises:
            MergeError: `missing_field`, `unknown_field`, `none_value`, `bad_character`,
                `bad_value`, `bad_key`, `unprintable_value`, `not_a_list`, `filter_value`,
                each naming the field and never its value; `bad_comparison`, `output_too_large`,
                `unsafe_link`, `picture_format`; `tpl_has_errors` when `problems` has one.
        """
        press = self._compiled.press
        if press is None:
            errors = [problem for problem in self.problems if problem.severity == "error"]
            raise MergeError("tpl_has_errors", count=len(errors), first=errors[0].code)
        return press.render(Request(data, pictures, properties, placeholder, refuse_unknown))

    def read_back(
        self, docx: bytes, *, issued: bytes | None = None, placeholder: str = PROMPT
    ) -> ReadBack:
        """What a returned copy of a rendered document says.

        Args:
            docx: The document as it came back, saved by Word or LibreOffice.
            issued: The document as it was rendered: its official text is compared.
            placeholder: What `render` put into empty controls.

        Raises:
            MergeError: As `open`, when *docx* is no sound Word file.
        """
        return read_document(docx, self._compiled, issued=issued, prompt=placeholder)


def _language_of(path: Path) -> str:
    words = path.name.split(".")
    return words[-2] if len(words) > 2 and words[-2] in _LANGUAGES else _LANGUAGES[0]  # noqa: PLR2004
