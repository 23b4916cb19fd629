"""Les écritures d'un compte et ses baux, tels que le bailleur les livre (conventions, C1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from maintien.coeur.calendrier import Periode, parse_periode
from maintien.coeur.montants import Centimes

CODES_TERME = frozenset({"LOY", "ANX", "CHG", "SLS", "RLS", "CLE", "ASS", "IND", "REG"})
"""Les lignes qui font un terme (C4). Un débit OD qui porte un mois s'y ajoute."""

CODES_ACCESSOIRE = frozenset({"FRA", "INT"})
"""Les frais et les intérêts, payés avant le reste (Code civil, art. 1343-1)."""

CODES_AIDE_AU_LOGEMENT = frozenset({"APL", "RAP"})
"""L'aide au logement versée au bailleur et ses rappels ou reprises."""

RESTITUTION = "RESTITUTION"
"""Le mot porté par `affectation` sur un dépôt de garantie rendu au départ."""

_MOIS = r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])"
_FORME_AFFECTATION = re.compile(rf"{_MOIS}(?:\|{_MOIS})*")


@dataclass(frozen=True, slots=True)
class Ecriture:
    """Une ligne du grand livre d'un locataire, immuable : une correction est une autre écriture.

    `periode` est le mois de droit, `date_comptable` le jour de la saisie, `date_valeur` celui de
    l'effet. Un débit négatif est un crédit du montant opposé, et réciproquement.
    """

    reference: str
    compte: str
    date_comptable: date
    date_valeur: date | None = None
    date_exigibilite: date | None = None
    periode: Periode | None = None
    code: str = ""
    libelle: str = ""
    debit_centimes: Centimes = 0
    credit_centimes: Centimes = 0
    mode: str = ""
    reference_annulee: str = ""
    affectation: str = ""

    @property
    def montant_centimes(self) -> Centimes:
        """Débit moins crédit : positif au débit du locataire, négatif à son crédit."""
        return self.debit_centimes - self.credit_centimes

    @property
    def mois_designes(self) -> tuple[Periode, ...]:
        """Les mois désignés par le payeur ou par la décision d'aide, dans leur ordre (C1)."""
        if not self.affectation or _FORME_AFFECTATION.fullmatch(self.affectation) is None:
            return ()
        return tuple(parse_periode(mois) for mois in self.affectation.split("|"))

    @property
    def is_restitution(self) -> bool:
        """Un dépôt de garantie rendu au départ, qui entre dans le compte (C4, C5)."""
        return self.code == "DG" and self.affectation == RESTITUTION

    @property
    def is_depot(self) -> bool:
        """Un dépôt de garantie hors restitution, tenu à part de la dette (C4, C7)."""
        return self.code == "DG" and self.affectation != RESTITUTION

    @property
    def has_affectation_illisible(self) -> bool:
        """Une affectation mal formée, ignorée en entier et signalée (C1)."""
        return bool(self.affectation) and not self.mois_designes and not self.is_restitution

    def effet(self, au: date) -> date:
        """Rend le jour d'effet, vu du jour `au` : la date de valeur, sinon la date comptable, sans dépasser `au`."""
        return min(self.date_valeur or self.date_comptable, au)


@dataclass(frozen=True, slots=True)
class BailCompte:
    """Ce que le compte lit d'un bail : entrée, sortie, et qui reçoit l'APL (bailleur, locataire, sans)."""

    reference: str
    compte: str
    date_entree: date
    date_sortie: date | None = None
    apl_mode: str = "sans"


def sans_doublons(ecritures: Iterable[Ecriture]) -> list[Ecriture]:
    """Garde la première livrée de chaque référence (C1).

    C'est le seul endroit où l'ordre des lignes compte. La livraison suivante de contenu différent
    est mise en quarantaine par l'import, pas ici.
    """
    premieres: dict[str, Ecriture] = {}
    for ecriture in ecritures:
        premieres.setdefault(ecriture.reference, ecriture)
    return list(premieres.values())


def ecritures_connues(ecritures: Iterable[Ecriture], au: date) -> list[Ecriture]:
    """Rend les écritures comptabilisées au plus tard le jour `au`, sans doublon ni écriture à zéro (C1)."""
    return [e for e in sans_doublons(ecritures) if e.date_comptable <= au and e.montant_centimes != 0]
