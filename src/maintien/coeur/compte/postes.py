"""Les postes au débit : termes, accessoires et autres créances (conventions, C4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from maintien.coeur.calendrier import Periode, periode_de
from maintien.coeur.compte.ecritures import CODES_ACCESSOIRE, CODES_TERME, Ecriture
from maintien.coeur.montants import Centimes, repartir

CleLegale: TypeAlias = tuple[int, date, int, Periode, str]


class Nature(StrEnum):
    """La nature d'un poste (C4)."""

    TERME = "TERME"
    ACCESSOIRE = "ACCESSOIRE"
    AUTRE = "AUTRE"


@dataclass(frozen=True, slots=True)
class LigneTerme:
    """Une ligne d'un terme, avec l'échéance et le mois que C4 lui donne ; négative quand elle allège le terme."""

    reference: str
    code: str
    date_exigibilite: date
    mois: Periode
    montant_centimes: Centimes


@dataclass(frozen=True, slots=True)
class Poste:
    """Une créance du bailleur : un terme entier, un accessoire ou une autre créance.

    Aucune ligne d'un terme n'est payée avant une autre (C4) : le reste est celui du terme.
    """

    nature: Nature
    date_exigibilite: date
    mois: Periode | None
    montant_centimes: Centimes
    reste_centimes: Centimes
    references: tuple[str, ...]
    code: str = ""

    @property
    def reference(self) -> str:
        """La plus petite référence de ses lignes."""
        return self.references[0]

    @property
    def is_locatif(self) -> bool:
        """Un terme ou une autre créance : ce qui entre dans la dette locative (C7)."""
        return self.nature is not Nature.ACCESSOIRE

    @property
    def cle_legale(self) -> CleLegale:
        """Le rang dans l'ordre légal (C6) : les frais, puis les intérêts, puis le reste par échéance."""
        rang = {"FRA": 0, "INT": 1}.get(self.code, 2) if self.nature is Nature.ACCESSOIRE else 2
        apres_les_termes = int(self.nature is Nature.AUTRE)
        return rang, self.date_exigibilite, apres_les_termes, self.mois or 0, self.reference


@dataclass(frozen=True, slots=True)
class PostesEtablis:
    """Les postes d'un compte et ce que leur établissement laisse de côté.

    `postes` ont un montant positif ; `negatifs` sont les termes dont la somme est un avoir ;
    `avoirs_sans_terme` les avoirs sans échéance qui ne rejoignent aucun terme.
    """

    postes: tuple[Poste, ...]
    negatifs: tuple[Poste, ...]
    lignes: tuple[LigneTerme, ...]
    avoirs_sans_terme: tuple[Ecriture, ...]


def is_ligne_de_terme(ecriture: Ecriture) -> bool:
    """Dit si une écriture est une ligne de terme : les codes du loyer, et l'OD au débit qui porte un mois (C4)."""
    if ecriture.code in CODES_TERME:
        return True
    return ecriture.code == "OD" and ecriture.montant_centimes > 0 and ecriture.periode is not None


def etablir_postes(ecritures: Iterable[Ecriture]) -> PostesEtablis:
    """Établit les postes des écritures conservées par C3.

    Tous les baux du compte sont confondus : un parking appelé à la même échéance est dans le même terme.
    """
    lignes: list[LigneTerme] = []
    avoirs: list[Ecriture] = []
    postes: list[Poste] = []
    for ecriture in ecritures:
        if is_ligne_de_terme(ecriture):
            if ecriture.montant_centimes < 0 and ecriture.date_exigibilite is None:
                avoirs.append(ecriture)
            else:
                lignes.append(_ligne(ecriture))
        elif ecriture.montant_centimes > 0 and not ecriture.is_depot:
            postes.append(_poste_isole(ecriture))
    jointes, sans_terme = _joindre_avoirs(avoirs, lignes)
    lignes += jointes
    termes = _termes(lignes)
    postes += [terme for terme in termes if terme.montant_centimes > 0]
    negatifs = tuple(terme for terme in termes if terme.montant_centimes < 0)
    return PostesEtablis(tuple(sorted(postes, key=lambda p: p.cle_legale)), negatifs, tuple(lignes), tuple(sans_terme))


def _ligne(ecriture: Ecriture) -> LigneTerme:
    echeance = ecriture.date_exigibilite or ecriture.date_comptable
    mois = ecriture.periode if ecriture.periode is not None else periode_de(echeance)
    return LigneTerme(ecriture.reference, ecriture.code, echeance, mois, ecriture.montant_centimes)


def _poste_isole(ecriture: Ecriture) -> Poste:
    return Poste(
        nature=Nature.ACCESSOIRE if ecriture.code in CODES_ACCESSOIRE else Nature.AUTRE,
        date_exigibilite=ecriture.date_exigibilite or ecriture.date_comptable,
        mois=None,
        montant_centimes=ecriture.montant_centimes,
        reste_centimes=ecriture.montant_centimes,
        references=(ecriture.reference,),
        code=ecriture.code,
    )


def _joindre_avoirs(
    avoirs: Iterable[Ecriture], lignes: Iterable[LigneTerme]
) -> tuple[list[LigneTerme], list[Ecriture]]:
    """Donne aux avoirs sans échéance le terme de leur mois, le premier exigible ; rend à part ceux qui restent."""
    premiere_echeance: dict[Periode | None, date] = {}
    for ligne in lignes:
        connue = premiere_echeance.get(ligne.mois)
        if connue is None or ligne.date_exigibilite < connue:
            premiere_echeance[ligne.mois] = ligne.date_exigibilite
    jointes: list[LigneTerme] = []
    sans_terme: list[Ecriture] = []
    for avoir in avoirs:
        echeance = premiere_echeance.get(avoir.periode)
        if echeance is None or avoir.periode is None:
            sans_terme.append(avoir)
        else:
            jointes.append(LigneTerme(avoir.reference, avoir.code, echeance, avoir.periode, avoir.montant_centimes))
    return jointes, sans_terme


def _termes(lignes: Iterable[LigneTerme]) -> list[Poste]:
    """Réunit en un terme les lignes de même échéance et de même mois."""
    par_cle: dict[tuple[date, Periode], list[LigneTerme]] = defaultdict(list)
    for ligne in lignes:
        par_cle[ligne.date_exigibilite, ligne.mois].append(ligne)
    termes = []
    for (echeance, mois), du_terme in par_cle.items():
        montant = sum(ligne.montant_centimes for ligne in du_terme)
        references = tuple(sorted(ligne.reference for ligne in du_terme))
        termes.append(Poste(Nature.TERME, echeance, mois, montant, montant, references))
    return termes


def detail_du_reste(poste: Poste, lignes: Iterable[LigneTerme]) -> dict[str, Centimes]:
    """Répartit le reste d'un terme entre ses lignes au débit, en proportion, au plus fort reste (C4).

    Pour l'affichage seul : en droit, aucune ligne n'est payée avant une autre.
    À restes égaux, la plus petite référence est servie.
    """
    debits = sorted(
        (ligne for ligne in lignes if ligne.reference in poste.references and ligne.montant_centimes > 0),
        key=lambda ligne: ligne.reference,
    )
    parts = repartir(poste.reste_centimes, [ligne.montant_centimes for ligne in debits])
    return {ligne.reference: part for ligne, part in zip(debits, parts, strict=True)}
