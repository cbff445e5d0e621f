"""bti-docs makes, sends, takes back and keeps the documents of the BTI model."""

__version__ = "0.1.0"
