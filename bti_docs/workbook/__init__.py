"""The office's input: workbooks, JSON and CSV in; workbooks and their marked copies out."""

from __future__ import annotations

from bti_docs.workbook.build import write_workbook
from bti_docs.workbook.marking import mark_problems
from bti_docs.workbook.reading import read_input

__all__ = ["mark_problems", "read_input", "write_workbook"]
