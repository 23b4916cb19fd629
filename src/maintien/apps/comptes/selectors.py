"""Reads of an account: its écritures as the core takes them, its ledger month by month, its debt by age."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.comptes.models import Bail, Compte, Ecriture
from maintien.coeur.calendrier import Periode, fin_de_mois, parse_periode, periode_de
from maintien.coeur.compte import ecritures as coeur
from maintien.coeur.compte.explication import expliquer_solde
from maintien.coeur.compte.imputation import Affectation, Imputation, imputation
from maintien.coeur.compte.postes import Nature, Poste
from maintien.coeur.compte.situation import situation_imputee
from maintien.coeur.compte.tableau import LigneMensuelle, tableau_mensuel
from maintien.coeur.montants import Centimes

_CHAMPS = (
    "compte_id",
    "reference",
    "compte__reference",
    "date_comptable",
    "date_valeur",
    "date_exigibilite",
    "periode",
    "code",
    "libelle",
    "debit_centimes",
    "credit_centimes",
    "mode",
    "reference_annulee",
    "affectation",
)
_TRANCHES = (
    "tranche_lt1_centimes",
    "tranche_1_3_centimes",
    "tranche_3_6_centimes",
    "tranche_6_12_centimes",
    "tranche_ge12_centimes",
)


@dataclass(frozen=True, slots=True)
class PosteCompte:
    """One thing that was due, and what paid it."""

    poste: Poste
    affectations: tuple[Affectation, ...]


@dataclass(frozen=True, slots=True)
class MoisCompte:
    """One month of an account (or, without month, what is due outside the terms), and what stands behind its row."""

    ligne: LigneMensuelle
    postes: tuple[PosteCompte, ...]


@dataclass(frozen=True, slots=True)
class LigneCompte:
    """One écriture as the books hold it, the balance after it, and what it paid when it is a credit."""

    ecriture: coeur.Ecriture
    code_libelle: str
    solde_centimes: Centimes
    is_annulee: bool
    affectations: tuple[Affectation, ...]


@dataclass(frozen=True, slots=True)
class GrandLivre:
    """An account at the evening of `au`: by month, latest first, and line by line, in the order of the books.

    `phrases` say the balance in words that can be read to the tenant on the phone.
    """

    compte: Compte
    au: date
    phrases: tuple[str, ...]
    mois: tuple[MoisCompte, ...]
    lignes: tuple[LigneCompte, ...]
    imputation: Imputation


@dataclass(frozen=True, slots=True)
class DetteParAge:
    """The rental debt at a month end, split by age (conventions of the rent account, C2)."""

    au: date
    lt1_centimes: Centimes
    de_1_a_3_centimes: Centimes
    de_3_a_6_centimes: Centimes
    de_6_a_12_centimes: Centimes
    ge12_centimes: Centimes

    @property
    def total_centimes(self) -> Centimes:
        jeunes = self.lt1_centimes + self.de_1_a_3_centimes + self.de_3_a_6_centimes
        return jeunes + self.de_6_a_12_centimes + self.ge12_centimes


def ecritures_par_compte(compte_ids: Collection[int], au: date | None = None) -> dict[int, list[coeur.Ecriture]]:
    """The écritures of some accounts as values of the core, known at `au`, in the order of delivery. One query."""
    lignes = Ecriture.objects.filter(compte_id__in=compte_ids)
    if au is not None:
        lignes = lignes.filter(date_comptable__lte=au)
    par_compte: dict[int, list[coeur.Ecriture]] = defaultdict(list)
    for compte_id, *valeurs in lignes.order_by("compte_id", "date_comptable", "pk").values_list(*_CHAMPS):
        periode = valeurs[5]
        valeurs[5] = parse_periode(periode) if periode else None
        par_compte[compte_id].append(coeur.Ecriture(*valeurs))
    return par_compte


def ledger(compte: Compte, au: date) -> GrandLivre:
    ecritures = ecritures_par_compte([compte.pk], au).get(compte.pk, [])
    imputee = imputation(ecritures, au)
    return GrandLivre(
        compte=compte,
        au=au,
        phrases=_phrases(imputee, _baux(compte)),
        mois=_mois(imputee),
        lignes=_lignes(ecritures, imputee),
        imputation=imputee,
    )


def _baux(compte: Compte) -> list[coeur.BailCompte]:
    champs = ("reference", "compte__reference", "date_entree", "date_sortie", "apl_mode")
    return [coeur.BailCompte(*valeurs) for valeurs in Bail.objects.filter(compte=compte).values_list(*champs)]


def _phrases(imputee: Imputation, baux: Sequence[coeur.BailCompte]) -> tuple[str, ...]:
    if not imputee.ecritures:
        return ()
    return expliquer_solde(imputee, situation_imputee(imputee, baux))


def _mois(imputee: Imputation) -> tuple[MoisCompte, ...]:
    affectations: dict[str, list[Affectation]] = defaultdict(list)
    for affectation in imputee.affectations:
        affectations[affectation.poste.reference].append(affectation)
    postes: dict[Periode | None, list[PosteCompte]] = defaultdict(list)
    for poste in imputee.postes:
        mois = poste.mois if poste.nature is Nature.TERME else None
        # An item is known by the smallest reference of its lines: no line is in two items.
        postes[mois].append(PosteCompte(poste, tuple(affectations[poste.reference])))
    return tuple(MoisCompte(ligne, tuple(postes[ligne.mois])) for ligne in reversed(tableau_mensuel(imputee)))


def _lignes(ecritures: Sequence[coeur.Ecriture], imputee: Imputation) -> tuple[LigneCompte, ...]:
    conservees = {ecriture.reference for ecriture in imputee.ecritures}
    affectations: dict[str, list[Affectation]] = defaultdict(list)
    for affectation in imputee.affectations:
        affectations[affectation.reference_credit].append(affectation)
    libelles: dict[str, str] = dict(CodeEcriture.choices)
    solde = 0
    lignes = []
    for ecriture in ecritures:
        solde += ecriture.montant_centimes
        lignes.append(
            LigneCompte(
                ecriture=ecriture,
                code_libelle=libelles.get(ecriture.code, ecriture.code),
                solde_centimes=solde,
                is_annulee=ecriture.montant_centimes != 0 and ecriture.reference not in conservees,
                affectations=tuple(affectations[ecriture.reference]),
            )
        )
    return tuple(lignes)


def debt_history(compte_ids: Collection[int], au: date, nb_mois: int = 24) -> list[DetteParAge]:
    """The rental debt by age of some accounts together, over `nb_mois` months: at each month end, then at `au`."""
    par_compte = ecritures_par_compte(compte_ids, au)
    return [_dette_par_age(par_compte.values(), jour) for jour in _month_ends(au, nb_mois)]


def _month_ends(au: date, nb_mois: int) -> list[date]:
    courant = periode_de(au)
    return [*(fin_de_mois(periode) for periode in range(courant - nb_mois + 1, courant)), au]


def _dette_par_age(comptes: Collection[Sequence[coeur.Ecriture]], au: date) -> DetteParAge:
    total = [0] * len(_TRANCHES)
    for ecritures in comptes:
        imputee = imputation(ecritures, au)
        if imputee.ecritures:
            # Without leases: the debt does not depend on them, and the legal definitions are not wanted here.
            etat = situation_imputee(imputee, ())
            total = [somme + getattr(etat, tranche) for somme, tranche in zip(total, _TRANCHES, strict=True)]
    return DetteParAge(au, *total)
