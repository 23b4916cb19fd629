"""Reads of an account: its écritures as the core takes them, its ledger month by month, its debt by age."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.comptes.models import Compte, Ecriture
from maintien.coeur.calendrier import Periode, fin_de_mois, format_mois, parse_periode, periode_de
from maintien.coeur.compte import ecritures as coeur
from maintien.coeur.compte.imputation import Affectation, Imputation, imputation
from maintien.coeur.compte.postes import Poste
from maintien.coeur.compte.situation import situation_imputee
from maintien.coeur.montants import Centimes

# Whoever pays, these come from elsewhere than the tenant: the ledger shows them as aid.
_CODES_AIDE = frozenset({CodeEcriture.APL, CodeEcriture.RAPPEL_APL, CodeEcriture.AIDE, CodeEcriture.GARANT})
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
    """One month of an account. What was called is what was helped, paid and left, to the centime."""

    periode: Periode
    libelle: str
    appele_centimes: Centimes
    aide_centimes: Centimes
    paye_centimes: Centimes
    reste_centimes: Centimes
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
    """An account at the evening of `au`: by month, latest first, and line by line, in the order of the books."""

    compte: Compte
    au: date
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
    ecritures = ecritures_par_compte([compte.pk], au)[compte.pk]
    imputee = imputation(ecritures, au)
    return GrandLivre(compte, au, _mois(imputee), _lignes(ecritures, imputee), imputee)


def _mois(imputee: Imputation) -> tuple[MoisCompte, ...]:
    paiements: dict[str, list[Affectation]] = defaultdict(list)
    for affectation in imputee.affectations:
        paiements[_cle(affectation.poste)].append(affectation)
    par_mois: dict[Periode, list[PosteCompte]] = defaultdict(list)
    for poste in imputee.postes:
        mois = poste.mois if poste.mois is not None else periode_de(poste.date_exigibilite)
        par_mois[mois].append(PosteCompte(poste, tuple(paiements[_cle(poste)])))
    return tuple(_un_mois(periode, par_mois[periode]) for periode in sorted(par_mois, reverse=True))


def _cle(poste: Poste) -> str:
    """An item is known by the references of its lines: no line is in two items."""
    return poste.reference


def _un_mois(periode: Periode, postes: Sequence[PosteCompte]) -> MoisCompte:
    affectations = [affectation for poste in postes for affectation in poste.affectations]
    aide = sum(a.montant_centimes for a in affectations if a.credit.code in _CODES_AIDE)
    return MoisCompte(
        periode=periode,
        libelle=format_mois(periode),
        appele_centimes=sum(p.poste.montant_centimes for p in postes),
        aide_centimes=aide,
        paye_centimes=sum(a.montant_centimes for a in affectations) - aide,
        reste_centimes=sum(p.poste.reste_centimes for p in postes),
        postes=tuple(postes),
    )


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
