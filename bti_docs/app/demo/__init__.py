"""The demo: one whole week in a throw-away office, where every step is checked afterwards."""

from bti_docs.app.demo.results import Check, DemoResult, DemoStep
from bti_docs.app.demo.run import run_demo

__all__ = ["Check", "DemoResult", "DemoStep", "run_demo"]
