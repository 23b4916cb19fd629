"""Une seconde lecture des conventions, naïve et lente, pour contredire la première.

Chaque jour du calendrier est parcouru un à un, chaque liste retriée à chaque étape, et C10 est évalué tous
les soirs. Rien n'est emprunté au calcul de référence que la forme d'une écriture et l'ajout de mois.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from maintien.coeur.calendrier import ajouter_mois, fin_de_mois
from maintien.coeur.compte.ecritures import BailCompte, Ecriture

TERME = {"LOY", "ANX", "CHG", "SLS", "RLS", "CLE", "ASS", "IND", "REG"}
MOIS = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass
class Item:
    nature: str
    du: date
    mois: int
    reference: str
    reste: int
    code: str = ""
    refs: list[str] = field(default_factory=list)

    def rang(self) -> tuple[Any, ...]:
        ordre = {"FRA": 0, "INT": 1}.get(self.code, 2)
        return ordre, self.du, self.nature == "AUTRE", self.mois, self.reference


def montant(e: Ecriture) -> int:
    return e.debit_centimes - e.credit_centimes


def mois_nommes(e: Ecriture) -> list[int]:
    morceaux = e.affectation.split("|")
    if not all(MOIS.fullmatch(m) and m[:4] != "0000" for m in morceaux):
        return []
    return [int(m[:4]) * 12 + int(m[5:]) - 1 for m in morceaux]


def connues(ecritures: list[Ecriture], au: date) -> list[Ecriture]:
    vues: set[str] = set()
    retenues = []
    for e in ecritures:
        if e.reference not in vues:
            vues.add(e.reference)
            if e.date_comptable <= au and montant(e) != 0:
                retenues.append(e)
    return retenues


class Annulations:
    """C3, au pied de la lettre : dans l'ordre, chaque écriture tente de retirer sa cible et elle-même."""

    def __init__(self, ecritures: list[Ecriture]) -> None:
        self.par_ref = {e.reference: e for e in ecritures}
        self.tardives = sorted(ecritures, key=lambda e: (e.date_comptable, e.reference), reverse=True)
        self.boucles = {e.reference for e in ecritures if self.en_boucle(e)}
        self.traitees: list[Ecriture] = []

    def cible(self, e: Ecriture) -> Ecriture | None:
        return self.par_ref.get(e.reference_annulee) if e.reference_annulee != e.reference else None

    def en_boucle(self, e: Ecriture) -> bool:
        suivante = self.cible(e)
        for _ in self.tardives:
            if suivante is None or suivante is e:
                break
            suivante = self.cible(suivante)
        return suivante is e

    def traiter(self, e: Ecriture) -> None:
        if e in self.traitees:
            return
        for autre in self.tardives:
            if self.cible(autre) is e and autre.reference not in self.boucles:
                self.traiter(autre)
        self.traitees.append(e)

    def parties(self) -> set[str]:
        for e in sorted(self.tardives, key=lambda e: e.reference in self.boucles):
            self.traiter(e)
        parties: set[str] = set()
        for e in self.traitees:
            visee = self.cible(e)
            if visee and not {e.reference, visee.reference} & parties and montant(e) == -montant(visee):
                parties |= {e.reference, visee.reference}
        return parties


def conservees(ecritures: list[Ecriture]) -> list[Ecriture]:
    parties = Annulations(ecritures).parties()
    return [e for e in ecritures if e.reference not in parties]


@dataclass
class Lu:
    """C4 et C5 : les postes, les lignes de terme (code, dû, mois, montant), les crédits (jour, rang, ref, …)."""

    items: list[Item]
    lignes: list[tuple[str, date, int, int]]
    credits: list[tuple[date, int, str, int, list[int]]]
    negatifs_a_echoir: int


def is_ligne(e: Ecriture) -> bool:
    return e.code in TERME or (e.code == "OD" and montant(e) > 0 and e.periode is not None)


def lire(ecritures: list[Ecriture], au: date) -> Lu:
    lu = Lu([], [], [], 0)
    termes: dict[tuple[date, int], list[tuple[str, int]]] = defaultdict(list)
    for e in sorted(ecritures, key=lambda e: montant(e) < 0 and e.date_exigibilite is None):
        if is_ligne(e):
            lire_ligne(e, lu, termes, au)
        elif e.code != "DG" or e.affectation == "RESTITUTION":
            lire_autre(e, lu, au)
    for (du, mois), contenu in termes.items():
        somme = sum(m for _, m in contenu)
        reference = min(r for r, _ in contenu)
        if somme > 0:
            lu.items.append(Item("TERME", du, mois, reference, somme))
        elif somme < 0 and du <= au:
            lu.credits.append((du, 3, reference, -somme, []))
        elif somme < 0:
            lu.negatifs_a_echoir += somme
    return lu


def lire_ligne(e: Ecriture, lu: Lu, termes: dict[tuple[date, int], list[tuple[str, int]]], au: date) -> None:
    m, du = montant(e), e.date_exigibilite or e.date_comptable
    if m < 0 and e.date_exigibilite is None:
        rejoints = [cle for cle in termes if cle[1] == e.periode]
        if e.periode is None or not rejoints:
            lu.credits.append((min(e.date_valeur or e.date_comptable, au), 3, e.reference, -m, []))
            return
        du = min(rejoints)[0]
    mois = e.periode if e.periode is not None else du.year * 12 + du.month - 1
    termes[du, mois].append((e.reference, m))
    lu.lignes.append((e.code, du, mois, m))


def lire_autre(e: Ecriture, lu: Lu, au: date) -> None:
    m, effet = montant(e), min(e.date_valeur or e.date_comptable, au)
    nommes = mois_nommes(e)
    if m > 0:
        accessoire = e.code in {"FRA", "INT"}
        nature = "ACCESSOIRE" if accessoire else "AUTRE"
        du = e.date_exigibilite or e.date_comptable
        lu.items.append(Item(nature, du, 0, e.reference, m, e.code if accessoire else ""))
    elif e.code in {"APL", "RAP"} and e.periode is not None:
        lu.credits.append((effet, 0, e.reference, -m, [e.periode]))
    else:
        lu.credits.append((effet, 2 if nommes else 3, e.reference, -m, nommes))


class Jours:
    """C6 et C10 : les jours un à un."""

    def __init__(self, lu: Lu, restees: list[Ecriture], baux: list[BailCompte], au: date) -> None:
        self.lu, self.restees, self.baux, self.au = lu, restees, baux, au
        self.avance = self.excedent = 0
        self.constats: dict[str, date | None] = {"ancien": None, "2027": None, "legal": None}

    def derouler(self) -> None:
        depart = [c[0] for c in self.lu.credits] + [i.du for i in self.lu.items]
        depart += [min(e.date_valeur or e.date_comptable, self.au) for e in self.restees]
        jour = min([*depart, self.au])
        while jour <= self.au:
            self.imputer(jour)
            self.constater(jour)
            jour += timedelta(1)

    def payer(self, items: list[Item], somme: int) -> int:
        for item in items:
            part = min(somme, item.reste)
            item.reste -= part
            somme -= part
        return somme

    def termes(self, mois: int) -> list[Item]:
        return sorted((i for i in self.lu.items if i.nature == "TERME" and i.mois == mois), key=lambda i: i.du)

    def imputer(self, x: date) -> None:
        du_jour = sorted((c for c in self.lu.credits if c[0] == x), key=lambda c: (c[1], c[2]))
        for _, rang, _, somme, mois in du_jour:
            if rang == 0:
                self.excedent += self.payer(self.termes(mois[0]), somme)
        for item in sorted((i for i in self.lu.items if i.du == x), key=Item.rang):
            if item.nature != "ACCESSOIRE":
                self.excedent = self.payer([item], self.excedent)
            self.avance = self.payer([item], self.avance)
        for _, rang, _, montant_, mois in du_jour:
            if rang == 0:
                continue
            somme = montant_
            for m in mois if rang == 2 else []:
                somme = self.payer(self.termes(m), somme)
            self.avance += self.payer(sorted((i for i in self.lu.items if i.du <= x), key=Item.rang), somme)

    def ouverts(self, x: date) -> list[Item]:
        return [i for i in self.lu.items if i.du <= x and i.reste and i.nature != "ACCESSOIRE"]

    def logement(self, x: date) -> tuple[bool, int]:
        """Rend « concerné » et la dépense nette H - A du mois de référence."""
        par_mois = defaultdict(list)
        for code, du, mois, m in self.lu.lignes:
            if code in {"LOY", "IND", "CHG", "RLS"}:
                par_mois[mois].append((code, du, m))
        possibles = [p for p, ls in par_mois.items() if fin_de_mois(p) <= x and all(du <= x for _, du, _ in ls)]
        if not possibles:
            return False, 0
        p = max(possibles)
        aides = [e for e in self.restees if e.code in {"APL", "RAP"} and e.periode is not None]
        aides = [e for e in aides if min(e.date_valeur or e.date_comptable, self.au) <= x]
        au_locataire = any(b.apl_mode == "locataire" for b in self.baux)
        recente = any(montant(e) < 0 and e.periode is not None and p - 5 <= e.periode <= p for e in aides)
        codes = {"LOY", "IND", "RLS"} | ({"CHG"} if x >= date(2019, 9, 1) else set())
        depense = sum(m for code, _, m in par_mois[p] if code in codes)
        aide = 0 if au_locataire else -sum(montant(e) for e in aides if e.periode == p)
        return au_locataire or recente, depense - aide

    def constater(self, x: date) -> None:
        ouverts = self.ouverts(x)
        dette = sum(i.reste for i in ouverts)
        if not dette:
            self.constats = dict.fromkeys(self.constats)
            return
        concerne, nette = self.logement(x)
        ancien = concerne and nette > 0 and dette >= 2 * nette
        nouveau = concerne and (dette > 450_00 or ajouter_mois(min(i.du for i in ouverts), 3) <= x)
        vrais = {"ancien": ancien, "2027": nouveau, "legal": nouveau if x >= date(2027, 1, 1) else ancien}
        for nom, vrai in vrais.items():
            if vrai and self.constats[nom] is None:
                self.constats[nom] = x


def arrondir(valeur: Fraction) -> int:
    return int((valeur + Fraction(1, 2)).__floor__())


def moyenne(lu: Lu, restees: list[Ecriture], dette: int, au: date) -> tuple[int | None, int | None, bool]:
    """C8 : terme moyen, mois de dette en centièmes, trois termes."""
    lignes = [ligne for ligne in lu.lignes if ligne[0] not in {"REG", "OD"} and ligne[1] <= au]
    mois = set(sorted({ligne[2] for ligne in lignes})[-12:])
    brut = sum(ligne[3] for ligne in lignes if ligne[2] in mois)
    net = brut + sum(montant(e) for e in restees if e.code in {"APL", "RAP"} and e.periode in mois)
    s = net if net > 0 else brut
    if s <= 0 or not mois:
        return None, None, False
    moyen = Fraction(s, len(mois))
    return arrondir(moyen), arrondir(100 * dette / moyen), 0 < dette >= 3 * moyen


def situation_naive(ecritures: list[Ecriture], baux: list[BailCompte], au: date) -> dict[str, Any]:
    """Rend les chiffres de C7 à C10 sous le nom des champs de `Situation`."""
    sues = connues(ecritures, au)
    restees = conservees(sues)
    lu = lire(restees, au)
    jours = Jours(lu, restees, baux, au)
    jours.derouler()
    ouverts = jours.ouverts(au)
    dette = sum(i.reste for i in ouverts)
    accessoires = sum(i.reste for i in lu.items if i.nature == "ACCESSOIRE" and i.du <= au)
    tranches: Counter[str] = Counter()
    for item in ouverts:
        age = next(n for n in range(3000) if ajouter_mois(item.du, n + 1) > au)
        nom = "lt1" if age < 1 else "1_3" if age < 3 else "3_6" if age < 6 else "6_12" if age < 12 else "ge12"
        tranches[nom] += item.reste
    commences = [b for b in baux if b.date_entree <= au]
    present = any(b.date_sortie is None or b.date_sortie > au for b in commences)
    terme_moyen, mois_de_dette, trois = moyenne(lu, restees, dette, au)
    concerne, nette = jours.logement(au) if present else (False, 0)
    constats = jours.constats if present else dict.fromkeys(jours.constats)
    return {
        "reference_compte": baux[0].compte,
        "au": au,
        "statut": "present" if present else "parti" if commences else "futur",
        "solde_centimes": sum(map(montant, sues)),
        "dette_exigible_centimes": dette + accessoires,
        "dette_locative_centimes": dette,
        "dette_accessoires_centimes": accessoires,
        "non_echu_centimes": sum(i.reste for i in lu.items if i.du > au) + lu.negatifs_a_echoir,
        "avance_centimes": jours.avance,
        "excedent_apl_centimes": jours.excedent,
        "dg_net_centimes": sum(montant(e) for e in restees if e.code == "DG" and e.affectation != "RESTITUTION"),
        "nb_termes_impayes": len({i.mois for i in ouverts if i.nature == "TERME"}),
        "date_plus_ancien": min((i.du for i in ouverts), default=None),
        **{f"tranche_{nom}_centimes": tranches[nom] for nom in ("lt1", "1_3", "3_6", "6_12", "ge12")},
        "terme_moyen_net_centimes": terme_moyen,
        "mois_de_dette_centiemes": mois_de_dette,
        "trois_termes_moyens": trois,
        "apl_concerne": concerne,
        "apl_seuil_ancien_centimes": 2 * nette if concerne and nette > 0 else None,
        "impaye_apl_ancien": constats["ancien"] is not None,
        "date_impaye_apl_ancien": constats["ancien"],
        "impaye_apl_2027": constats["2027"] is not None,
        "date_impaye_apl_2027": constats["2027"],
        "impaye_apl_legal": constats["legal"] is not None,
        "date_impaye_apl_legal": constats["legal"],
    }
