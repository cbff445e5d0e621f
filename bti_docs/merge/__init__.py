"""Merging: Word templates filled with values, and documents read back.

A library of its own: it knows nothing of cases or archives, only of Word files and values.
"""

from bti_docs.merge.language.values import RichText, Run
from bti_docs.merge.printform import print_form
from bti_docs.merge.readback.document import ReadBack
from bti_docs.merge.readback.official import Change
from bti_docs.merge.template import Template
from bti_docs.merge.visible import visible_texts
from bti_docs.merge.word.findings import FieldNode, Finding, Place
from bti_docs.merge.word.properties import read_properties

__all__ = [
    "Change",
    "FieldNode",
    "Finding",
    "Place",
    "ReadBack",
    "RichText",
    "Run",
    "Template",
    "print_form",
    "read_properties",
    "visible_texts",
]
