"""Names and shapes shared by the SQL of an import: rows of the workbench and of the ledger become records alike."""

from datetime import date
from typing import Any

from maintien.apps.comptes.models import Compte, Ecriture
from maintien.connecteurs.exports.enregistrements import EnregistrementEcriture
from maintien.travaux.imports.etabli import NOMS

ECRITURE = Ecriture._meta.db_table  # noqa: SLF001
COMPTE = Compte._meta.db_table  # noqa: SLF001

# Column of the workbench, column of the ledger: the content of an entry (conventions, C1), and its means of payment.
CONTENU = (
    ("date_comptable", "date_comptable"),
    ("date_valeur", "date_valeur"),
    ("date_exigibilite", "date_exigibilite"),
    ("periode", "periode"),
    ("code", "code"),
    ("debit", "debit_centimes"),
    ("credit", "credit_centimes"),
    ("mode", "mode"),
    ("reference_annulee", "reference_annulee"),
    ("affectation", "affectation"),
)
_AU_GRAND_LIVRE = dict(CONTENU) | {"ordre": "id", "libelle": "libelle", "reference": "reference"}


def select_etabli(alias: str) -> str:
    """Every column of the workbench, in its order."""
    return ", ".join(f"{alias}.{nom}" for nom in NOMS)


def select_ledger(alias: str, compte: str) -> str:
    """The same columns read from the ledger and its accounts."""
    fixes = {"compte": f"{compte}.reference", "ligne": "0", "sort": "0"}
    return ", ".join(fixes.get(nom) or f"{alias}.{_AU_GRAND_LIVRE[nom]}" for nom in NOMS)


def record_of(ligne: tuple[Any, ...]) -> EnregistrementEcriture:
    """A row of either, as a record."""
    ecriture = EnregistrementEcriture._make(ligne[1 : len(EnregistrementEcriture._fields) + 1])
    return ecriture._replace(
        date_comptable=_jour(ecriture.date_comptable),
        date_valeur=_jour(ecriture.date_valeur),
        date_exigibilite=_jour(ecriture.date_exigibilite),
    )


def _jour(valeur: Any) -> Any:
    """SQLite gives back the text that it keeps."""
    return date.fromisoformat(valeur) if isinstance(valeur, str) else valeur
