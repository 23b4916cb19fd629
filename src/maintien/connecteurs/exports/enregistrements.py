"""What a file is turned into: typed records, refusals, remarks."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

VALEUR_MONTREE = 200


class EnregistrementBail(NamedTuple):
    """A lease and the home it is about."""

    ligne: int
    reference: str
    compte: str
    logement: str
    residence: str
    voie: str
    code_postal: str
    commune: str
    code_insee: str
    departement: str
    type_logement: str
    surface: int | None
    date_signature: date | None
    date_entree: date
    date_sortie: date | None
    motif_sortie: str
    terme: str
    jour_exigibilite: int
    mode_paiement: str
    rum: str
    iban: str
    apl_mode: str
    numero_allocataire: str
    depot_garantie_centimes: int | None
    bail_annexe_de: str
    etabli_le: date | None = None


class EnregistrementLocataire(NamedTuple):
    """A person on a lease: tenant, co-tenant or guarantor."""

    ligne: int
    reference: str
    bail: str
    compte: str
    role: str
    civilite: str
    nom: str
    prenom: str
    date_naissance: date | None
    telephone: str
    courriel: str
    contact_restreint: bool
    opposition_sms: bool
    situation_entree: str
    etabli_le: date | None = None


class EnregistrementEcriture(NamedTuple):
    """A line of the ledger. One of debit and credit is zero; both are zero or more."""

    ligne: int
    reference: str
    compte: str
    date_comptable: date
    date_valeur: date | None
    date_exigibilite: date | None
    periode: str
    code: str
    libelle: str
    debit_centimes: int
    credit_centimes: int
    mode: str
    reference_annulee: str
    affectation: str


class EnregistrementPlan(NamedTuple):
    """An instalment plan."""

    ligne: int
    reference: str
    compte: str
    date_signature: date
    montant_centimes: int
    nombre_echeances: int
    mensualite_centimes: int
    premiere_echeance: date
    date_rupture: date | None
    date_solde: date | None
    etabli_le: date | None = None


@dataclass(frozen=True, slots=True)
class Refus:
    """A line put aside. What follows its cure is what could still be read of it, for the importer.

    The amount is that of an entry, debit minus credit.
    """

    fichier: str
    ligne: int
    colonne: str
    valeur: str
    motif: str
    remede: str
    reference: str = ""
    compte_a_proteger: str = ""
    montant_centimes: int | None = None


@dataclass(frozen=True, slots=True)
class Remarque:
    """Something odd in a line that was taken all the same."""

    fichier: str
    ligne: int
    colonne: str
    valeur: str
    texte: str


@dataclass(slots=True)
class Lot:
    """What a run of consecutive lines gave."""

    baux: list[EnregistrementBail] = field(default_factory=list)
    locataires: list[EnregistrementLocataire] = field(default_factory=list)
    ecritures: list[EnregistrementEcriture] = field(default_factory=list)
    plans: list[EnregistrementPlan] = field(default_factory=list)
    refus: list[Refus] = field(default_factory=list)
    remarques: list[Remarque] = field(default_factory=list)


def montrer(texte: str) -> str:
    """A value as a report shows it: bounded, control characters made visible."""
    court = texte if len(texte) <= VALEUR_MONTREE else texte[: VALEUR_MONTREE - 1] + "…"
    if court.isprintable():
        return court
    return "".join(c if c.isprintable() or c in "\u00a0\u202f" else f"\\x{ord(c):02x}" for c in court)
