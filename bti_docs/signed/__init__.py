"""Digital signatures of what comes in: four facts, found out offline. Nothing here writes.

PDF (a service's seal with the signers attached, or a person's own certificate), ASiC-E containers,
and as much as can honestly be said of a signed Word file.
"""

from bti_docs.signed.checking import (
    SignedKind,
    check_signatures,
    read_signed_json,
    signed_json,
)
from bti_docs.signed.trust import TrustList, read_trust

__all__ = [
    "SignedKind",
    "TrustList",
    "check_signatures",
    "read_signed_json",
    "read_trust",
    "signed_json",
]
