"""Hypothesis strategies shared by the tests: nasty rent ledgers.

`grands_livres()` draws one account as no clean export would show it: cancellations of cancellations and
loops, many facts on one day, negative debits, malformed affectations, deposits given back, credit notes
without due date, zero entries, future bookings and values, APL without month, months far from their due
dates, several leases, every `apl_mode`, on both sides of 2019-09-01 and of 2027-01-01.
`portefeuilles()` draws several accounts of one landlord, with cancellations across accounts.
Without `doublons=True` every reference is unique, so the order of rows can change nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from maintien.coeur.calendrier import Periode, ajouter_mois, fin_de_mois, periode_de
from maintien.coeur.compte.ecritures import BailCompte, Ecriture

COMPTE = "C1"
# The first months of each story: the definitions of impayé change inside it, or it is quiet.
DEPARTS = (date(2019, 5, 1), date(2026, 9, 1), date(2023, 12, 1))
DUREE_MOIS = 8
CODES = (
    *("LOY", "ANX", "CHG", "SLS", "RLS", "CLE", "ASS", "IND", "REG", "OD", "APL", "RAP", "PAI", "AID"),
    *("GAR", "REJ", "REM", "DG", "REP", "FRA", "INT", "EFF", "XYZ"),
)
# Few values, so that sums meet the thresholds (450.00, 2 x 250.00) and each other.
MONTANTS = (1, 2_00, 50_00, 100_00, 210_00, 250_00, 280_00, 300_00, 450_00, 450_01, 500_00, 1_000_00)
AFFECTATIONS_MAL_FORMEES = ("2020-13", "2020-04|", "avril", "2020-04;2020-05", "RESTITUTION ", "0000-01", "2020-4")
# Plain character order puts E10 before E9, capitals before small letters, accents last.
PREFIXES = ("E", "e", "A1", "Z", "É", "-")


@dataclass(frozen=True)
class GrandLivre:
    """One account: its entries in order of delivery, its leases, the day of observation."""

    ecritures: tuple[Ecriture, ...]
    baux: tuple[BailCompte, ...]
    au: date


@dataclass(frozen=True)
class PortefeuilleTire:
    """Several accounts of one landlord, entries interleaved."""

    ecritures: tuple[Ecriture, ...]
    baux: tuple[BailCompte, ...]
    au: date


def jours(depart: date) -> st.SearchStrategy[date]:
    """Days of the story; round days come back often so that facts meet on them."""
    ronds = [ajouter_mois(depart, n) for n in range(DUREE_MOIS)] + [
        fin_de_mois(periode_de(depart) + n) for n in range(DUREE_MOIS)
    ]
    bascules = [date(2019, 8, 31), date(2019, 9, 1), date(2026, 12, 31), date(2027, 1, 1)]
    proches = [jour for jour in bascules if depart <= jour <= ajouter_mois(depart, DUREE_MOIS)]
    dernier = ajouter_mois(depart, DUREE_MOIS)
    return st.one_of(st.sampled_from(ronds + proches), st.dates(depart, dernier))


def periodes(depart: date) -> st.SearchStrategy[Periode]:
    """Months of the story, and a few far away from it."""
    mois = periode_de(depart)
    return st.one_of(
        st.integers(mois, mois + DUREE_MOIS - 1),
        st.sampled_from([mois - 14, mois - 1, mois + 30, 12, 9999 * 12 + 11]),
    )


@st.composite
def ecritures_quelconques(draw: st.DrawFn, depart: date, reference: str) -> Ecriture:
    """Any entry at all."""
    jour = jours(depart)
    montant = draw(st.sampled_from((0, *MONTANTS)))
    signe = draw(st.sampled_from((1, 1, 1, 1, -1)))
    au_debit = draw(st.booleans())
    mois = [draw(periodes(depart)) for _ in range(draw(st.integers(0, 3)))]
    designation = "|".join(f"{p // 12:04d}-{p % 12 + 1:02d}" for p in mois)
    return Ecriture(
        reference=reference,
        compte=COMPTE,
        date_comptable=draw(jour),
        date_valeur=draw(st.none() | jour),
        date_exigibilite=draw(st.none() | jour),
        periode=draw(st.none() | periodes(depart)),
        code=draw(st.sampled_from(CODES)),
        debit_centimes=signe * montant if au_debit else 0,
        credit_centimes=0 if au_debit else signe * montant,
        affectation=draw(st.sampled_from(("", designation, designation, "RESTITUTION", *AFFECTATIONS_MAL_FORMEES))),
    )


@st.composite
def mois_de_loyer(draw: st.DrawFn, depart: date, rang: int, nommer: Callable[[], str]) -> list[Ecriture]:
    """One plausible month: the call, the aid of the month, a payment that may be late, partial or designated."""
    periode = periode_de(depart) + rang
    premier, fin = ajouter_mois(depart, rang), fin_de_mois(periode)
    exigible = draw(st.sampled_from((fin, fin, fin + timedelta(5), premier)))
    saisie = draw(st.sampled_from((premier, premier, exigible, fin + timedelta(20))))

    def appel(code: str, debit: int, **autres: object) -> Ecriture:
        ligne = Ecriture(nommer(), COMPTE, saisie, None, exigible, periode, code, debit_centimes=debit)
        return replace(ligne, **autres)  # type: ignore[arg-type]  # the fields are those of Ecriture

    lignes = [appel(draw(st.sampled_from(("LOY", "LOY", "LOY", "IND"))), 280_00), appel("CHG", 20_00)]
    if draw(st.booleans()):
        echeance = draw(st.sampled_from((exigible, None)))
        lignes.append(appel("RLS", 0, credit_centimes=50_00, date_exigibilite=echeance))
    if draw(st.booleans()):
        effet = draw(st.sampled_from((premier + timedelta(24), fin + timedelta(3))))
        aide = draw(st.sampled_from((50_00, 50_00, 250_00, 300_00)))
        lignes.append(Ecriture(nommer(), COMPTE, effet, effet, None, periode, "APL", credit_centimes=aide))
    if draw(st.integers(0, 3)):
        effet = exigible + timedelta(draw(st.sampled_from((-10, 0, 0, 1, 35))))
        saisi = effet + timedelta(draw(st.sampled_from((0, 0, 3, 40))))
        nomme = draw(st.sampled_from(("", f"{periode // 12:04d}-{periode % 12 + 1:02d}")))
        montant = draw(st.sampled_from((100_00, 250_00, 250_00, 300_00, 500_00)))
        lignes.append(
            Ecriture(nommer(), COMPTE, saisi, effet, None, None, "PAI", credit_centimes=montant, affectation=nomme)
        )
    return lignes


@st.composite
def annulations(draw: st.DrawFn, depart: date, reference: str, lignes: list[Ecriture]) -> Ecriture:
    """An entry that cancels another one of the list: mostly exact, sometimes short by a fee or aimed at nothing."""
    cible = draw(st.sampled_from(lignes))
    ecart = draw(st.sampled_from((0, 0, 0, 0, 2_00)))
    visee = draw(st.sampled_from((cible.reference, cible.reference, cible.reference, reference, "INCONNUE")))
    montant = ecart - cible.montant_centimes
    le_jour_meme = draw(st.booleans())
    return Ecriture(
        reference=reference,
        compte=COMPTE,
        date_comptable=cible.date_comptable if le_jour_meme else draw(jours(depart)),
        date_valeur=draw(st.none() | jours(depart)),
        code=draw(st.sampled_from(("REJ", "REJ", "OD", "PAI", "LOY"))),
        debit_centimes=max(montant, 0),
        credit_centimes=max(-montant, 0),
        reference_annulee=visee,
    )


@st.composite
def listes_de_baux(draw: st.DrawFn, depart: date) -> tuple[BailCompte, ...]:
    """One to three leases: running, ended, future, with any mode of APL."""
    debut = periode_de(depart)
    dates_ = st.sampled_from([fin_de_mois(debut + n) for n in (-20, 2, DUREE_MOIS - 2, DUREE_MOIS + 6)])
    present = BailCompte(
        "B0", COMPTE, fin_de_mois(debut - 30), None, draw(st.sampled_from(("bailleur", "sans", "locataire")))
    )
    autres = [
        BailCompte(
            f"B{n + 1}",
            COMPTE,
            draw(dates_),
            draw(st.none() | dates_),
            draw(st.sampled_from(("bailleur", "bailleur", "sans", "locataire"))),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    # Three times in four the account is present, or C10 would say nothing.
    return (present, *autres) if not autres or draw(st.integers(0, 3)) else tuple(autres)


@st.composite
def grands_livres(draw: st.DrawFn, *, doublons: bool = False) -> GrandLivre:
    """One nasty account."""
    depart = draw(st.sampled_from(DEPARTS))
    prises: set[str] = set()

    # A step prime with the number of prefixes mixes them; one draw per entry would cost more than the test.
    pas = draw(st.sampled_from((0, 1, 5)))

    def nommer() -> str:
        reference = PREFIXES[len(prises) * pas % len(PREFIXES)] + str(len(prises))
        prises.add(reference)
        return reference

    lignes: list[Ecriture] = []
    for rang in range(draw(st.integers(0, DUREE_MOIS))):
        lignes += draw(mois_de_loyer(depart, rang, nommer))
    lignes += [draw(ecritures_quelconques(depart, nommer())) for _ in range(draw(st.integers(0, 8)))]
    for _ in range(draw(st.integers(0, 4)) if lignes else 0):
        lignes.append(draw(annulations(depart, nommer(), lignes)))
    lignes = boucler(draw(st.integers(0, 3)), draw(st.permutations(lignes)))
    if doublons and lignes:
        repetees = draw(st.lists(st.sampled_from(lignes), max_size=2))
        lignes += [replace(e, debit_centimes=e.debit_centimes + draw(st.sampled_from((0, 7_00)))) for e in repetees]
    au = draw(st.one_of(jours(depart), st.just(ajouter_mois(depart, DUREE_MOIS + 4))))
    return GrandLivre(tuple(lignes), draw(listes_de_baux(depart)), au)


def boucler(longueur: int, lignes: list[Ecriture]) -> list[Ecriture]:
    """Makes the first entries cancel each other in a loop of opposite amounts (0 or 1: leave them alone)."""
    if longueur < 2 or len(lignes) < longueur:
        return list(lignes)
    tete, reste = lignes[:longueur], lignes[longueur:]
    montant = abs(tete[0].montant_centimes)
    boucle = [
        replace(
            ecriture,
            debit_centimes=montant * (rang % 2 == 0),
            credit_centimes=montant * (rang % 2),
            reference_annulee=tete[(rang + 1) % longueur].reference,
        )
        for rang, ecriture in enumerate(tete)
    ]
    return [*boucle, *reste]


@st.composite
def portefeuilles(draw: st.DrawFn, *, comptes: int = 4) -> PortefeuilleTire:
    """Several accounts: references stay unique for the landlord, some cancellations aim at another account."""
    livres = draw(st.lists(grands_livres(), min_size=1, max_size=comptes))
    ecritures: list[Ecriture] = []
    baux: list[BailCompte] = []
    for numero, livre in enumerate(livres):
        compte = f"C{numero}"
        baux += [replace(bail, compte=compte, reference=f"{compte}-{bail.reference}") for bail in livre.baux]
        ailleurs = draw(st.sampled_from((compte, compte, "C0")))
        for ecriture in livre.ecritures:
            visee = f"{ailleurs}-{ecriture.reference_annulee}" if ecriture.reference_annulee else ""
            reference = f"{compte}-{ecriture.reference}"
            ecritures.append(replace(ecriture, compte=compte, reference=reference, reference_annulee=visee))
    return PortefeuilleTire(tuple(draw(st.permutations(ecritures))), tuple(baux), livres[0].au)
