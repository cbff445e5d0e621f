"""The merge engine: a Word template, filled with values, and read back when it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from bti_docs.errors import MergeError
from bti_docs.merge.engine.compiled import Compiled, compile_template
from bti_docs.merge.language.dialect import Program
from bti_docs.merge.language.fields import unknown_keys
from bti_docs.merge.language.source import expand_property, expand_story
from bti_docs.merge.language.values import Record, prepare
from bti_docs.merge.readback.document import ReadBack, read_document
from bti_docs.merge.word.controls import show_prompts
from bti_docs.merge.word.findings import FieldNode, Finding
from bti_docs.merge.word.lines import lines_to_paragraphs
from bti_docs.merge.word.parts import TextPart
from bti_docs.merge.word.pictures import place_pictures
from bti_docs.merge.word.properties import write_properties
from bti_docs.merge.word.structure import make_whole
from bti_docs.merge.word.xml import Element, parse, serialise

MAX_CHARACTERS: Final = 32 * 1024 * 1024
"""How much XML one part may become."""
PROMPT: Final = "Skriv her"
_LANGUAGES: Final = ("nb", "nn", "en")


class Template:
    """A Word template, compiled once. It does not change, and may be used by many threads.

    Pickling it keeps its bytes and compiles them again on the other side.
    """

    __slots__ = ("_compiled", "_content", "language")

    def __init__(self, content: bytes, language: str) -> None:
        self._content = content
        self.language: Final = language
        self._compiled: Compiled = compile_template(content, language)

    @classmethod
    def open(cls, source: Path | str | bytes, *, language: str | None = None) -> Self:
        """Open a template.

        Args:
            source: A file or its bytes.
            language: `nb`, `nn` or `en`; otherwise from the file's name (`SAM.nn.docx`), or `nb`.

        Raises:
            MergeError: When it is no sound Word file: `docx_not_zip`, `docx_encrypted`,
                `docx_too_large`, `docx_damaged`, `docx_macros`, `docx_doctype`, `docx_xml`,
                `docx_no_document`, `docx_strict`, `docx_prefix`; or `tpl_language`.
        """
        if isinstance(source, bytes):
            return cls(source, language or _LANGUAGES[0])
        path = Path(source)
        return cls(path.read_bytes(), language or _language_of(path))

    def __reduce__(self) -> tuple[Callable[[bytes, str], Template], tuple[bytes, str]]:
        """Pickled as its bytes."""
        return Template, (self._content, self.language)

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
        refuse_unknown: bool = False,
    ) -> bytes:
        """Fill the template: the docx that leaves. Same input, same bytes.

        Args:
            data: Values by field: texts, numbers, yes/no, dates, lists and objects of those.
            pictures: PNG or JPEG by placeholder key, `kode` or `bilde:logo`. Placeholders
                without a picture are taken out.
            properties: The file's own properties, read again by `read_properties`.
            placeholder: What an empty content control asks the reader to do.
            refuse_unknown: Refuse data that no field reads.

        Raises:
            MergeError: `missing_field`, `unknown_field`, `none_value`, `bad_character`,
                `bad_value`, `bad_key`, `unprintable_value`, `not_a_list`, `filter_value`,
                each naming the field and never its value; `bad_comparison`, `output_too_large`,
                `output_broken`, `picture_format`; `tpl_has_errors` when `problems` has one.
        """
        self._refuse_errors()
        record = prepare(data)
        if refuse_unknown and (unknown := unknown_keys(self.fields, record)):
            raise MergeError("unknown_field", field=unknown[0], count=len(unknown))
        package = self._compiled.package
        for part, program in self._compiled.programs.items():
            root = _parsed(_run(program, part, record), part)
            if part.kind != "properties":
                lines_to_paragraphs(root)
                make_whole(root)
                package = place_pictures(package, part.name, root, pictures)
                show_prompts(root, placeholder, self._compiled.prompt_style)
            package = package.with_members({part.name: serialise(root)})
        return write_properties(package, properties).to_bytes()

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

    def _refuse_errors(self) -> None:
        errors = [problem for problem in self.problems if problem.severity == "error"]
        if errors:
            raise MergeError("tpl_has_errors", count=len(errors), first=errors[0].code)


def _parsed(content: bytes, part: TextPart) -> Element:
    try:
        return parse(content, part.label)
    except MergeError as error:
        raise MergeError("output_broken", part=part.label) from error


def _language_of(path: Path) -> str:
    words = path.name.split(".")
    return words[-2] if len(words) > 2 and words[-2] in _LANGUAGES else _LANGUAGES[0]  # noqa: PLR2004


def _run(program: Program, part: TextPart, record: Record) -> bytes:
    pieces: list[str] = []
    length = 0
    try:
        for piece in program.run(record):
            length += len(piece)
            if length > MAX_CHARACTERS:
                raise MergeError("output_too_large", part=part.label)
            pieces.append(piece)
    except TypeError as error:
        raise MergeError("bad_comparison", part=part.label) from error
    expand = expand_property if part.kind == "properties" else expand_story
    return expand("".join(pieces)).encode()
