"""Many records through one template, over any executor: processes, threads, a cluster.

Every record has one outcome, in order: nothing is missing and nothing comes twice, also when
workers die. A record that the template refuses is an outcome too, and stops no other.
"""

from bti_docs.merge.bulk.crew import process_pool
from bti_docs.merge.bulk.jobs import Job, Outcome, Refused, Rendered, Tally
from bti_docs.merge.bulk.run import bulk, outcomes

__all__ = [
    "Job",
    "Outcome",
    "Refused",
    "Rendered",
    "Tally",
    "bulk",
    "outcomes",
    "process_pool",
]
