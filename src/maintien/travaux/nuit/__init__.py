"""The nightly pass of a landlord: mirror, situations, then dossiers and propositions, household after household."""

from maintien.travaux.nuit.passe import run, try_out

__all__ = ["run", "try_out"]
