"""From a part's XML to its Jinja source: the door to the normaliser's rooms."""

from __future__ import annotations

from bti_docs.merge.language.normalise import Source, normalise_properties, normalise_story
from bti_docs.merge.word.xml import Element

__all__ = ["Source", "property_source", "story"]


def story(root: Element) -> Source:
    """The Jinja source of a part with paragraphs: tags joined over runs, `p`/`tr` tags lifted."""
    return normalise_story(root)


def property_source(root: Element) -> str:
    """The Jinja source of a part with properties or relationships."""
    return normalise_properties(root).text
