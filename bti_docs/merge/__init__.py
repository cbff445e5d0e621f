"""Merging: Word templates filled with values, and documents read back.

A library of its own: it knows nothing of cases or archives, only of Word files and values.
"""

from bti_docs.merge.findings import FieldNode, Finding, Place
from bti_docs.merge.official import Change
from bti_docs.merge.printform import print_form
from bti_docs.merge.properties import read_properties
from bti_docs.merge.readback import ReadBack
from bti_docs.merge.template import Template
from bti_docs.merge.visible import visible_texts

__all__ = [
    "Change",
    "FieldNode",
    "Finding",
    "Place",
    "ReadBack",
    "Template",
    "print_form",
    "read_properties",
    "visible_texts",
]
