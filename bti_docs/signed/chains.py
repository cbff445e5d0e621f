"""Does a certificate lead to one on the office's list? Offline: nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import x509
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from bti_docs.core.signatures import Answer, Certificate, Doubt
from bti_docs.signed.certificates import certificate

USAGES: Final = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
_DOUBTS: Final[Mapping[str, Doubt]] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND.name: "issuer",
    AdESIndeterminate.EXPIRED.name: "expired",
    AdESIndeterminate.NOT_YET_VALID.name: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE.name: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED.name: "expired",
    AdESIndeterminate.REVOKED_NO_POE.name: "revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE.name: "revoked",
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE.name: "revoked",
    "REVOKED": "revoked",
}


@dataclass(frozen=True, slots=True)
class Anchors:
    """The certificates on the list, and the moment they are asked at."""

    roots: tuple[x509.Certificate, ...]
    at: datetime

    @classmethod
    def of(cls, ders: Iterable[bytes], at: datetime) -> Anchors:
        """From certificates in DER."""
        return cls(tuple(x509.Certificate.load(der) for der in ders), at)

    def settings(self, *, moment: datetime | None = None, hard: bool = False) -> dict[str, Any]:
        """For a validation context. *hard*: a chain must show that nothing in it was revoked."""
        return {
            "trust_roots": list(self.roots),
            "allow_fetching": False,
            "moment": moment or self.at,
            "revocation_mode": "hard-fail" if hard else "soft-fail",
            "retroactive_revinfo": moment is not None,
        }

    async def lead_from(
        self, own: x509.Certificate, others: Iterable[x509.Certificate]
    ) -> tuple[Answer, Doubt, tuple[Certificate, ...]]:
        """Whether *own* leads to the list, why not, and the issuers between."""
        context = ValidationContext(**self.settings())
        asked = CertificateValidator(own, list(others), validation_context=context)
        try:
            path = await asked.async_validate_path()
            usage = own.key_usage_value
        except (ExpiredError, NotYetValidError):
            return "no", "expired", ()
        except RevokedError:
            return "no", "revoked", ()
        except (PathBuildingError, PathError):
            return "no", "issuer", ()
        except ValidationError:
            return "no", "other", ()
        if usage is not None and not usage.native & (USAGES.key_usage or set()):
            return "no", "other", ()
        return "yes", "", issuers(path)


def doubt_of(problem: AdESSubIndic | None) -> Doubt:
    """Why a signature is not trusted, from what the library calls it."""
    return _DOUBTS.get(getattr(problem, "name", ""), "other")


def issuers(path: ValidationPath | None) -> tuple[Certificate, ...]:
    """The certificates above the signer's own, the nearest first."""
    if path is None:
        return ()
    above = [one for one in path.iter_certs(include_root=True) if one is not path.leaf]
    return tuple(certificate(one) for one in reversed(above))
