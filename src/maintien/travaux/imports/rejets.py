"""Rejects that carry the bank's fee in the same line (conventions, C3), whichever of the two comes first.

The payment is known: the line is split into the reject, of the payment's amount, and its fee; or set aside when the
difference is no fee. The reject came before its payment: it was taken whole, since nothing told that it held a fee,
and the ledger is append-only. When the payment arrives, an entry cancels the whole reject (both then disappear from
the computation, C3) and the two right ones are added, at the dates of the reject: the figures of every day are those
of the other order.
"""
# The text of these orders is made of the names of our own tables and columns; every value is a parameter.
# ruff: noqa: S608

from typing import Any

from maintien.apps.comptes.models import Ecriture as LigneDeCompte
from maintien.coeur.calendrier import format_periode, parse_periode
from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.compte.rejets import SUFFIXE_FRAIS, separer_frais
from maintien.coeur.montants import format_euros
from maintien.connecteurs.exports.enregistrements import EnregistrementEcriture, Refus
from maintien.travaux.imports.etabli import NEUVE, REFUSEE, TABLE, Etabli
from maintien.travaux.imports.tables import COMPTE, ECRITURE, record_of, select_etabli, select_ledger

SUFFIXE_ANNULATION = "-ANN"
SUFFIXE_REPRISE = "-REJ"
_LIBELLE = 200


def split_rejets(etabli: Etabli, organisme_id: int, nom: str) -> list[Refus]:
    """Rejects of this file whose payment is known with another amount: split, or set aside."""
    refus = []
    for ordre, rejet, cible in _rejets_du_fichier(etabli, organisme_id):
        parts = separer_frais(_coeur(rejet), _coeur(cible))
        if parts is None:
            etabli.execute(f"UPDATE {TABLE} SET sort = {REFUSEE} WHERE ordre = %s", [ordre])
            refus.append(_refus(nom, rejet.ligne, rejet, cible))
            continue
        seul, frais = parts
        etabli.execute(f"UPDATE {TABLE} SET debit = %s WHERE ordre = %s", [seul.debit_centimes, ordre])
        etabli.add_beside(_record(frais, rejet.ligne))
    return refus


def correct_rejets(etabli: Etabli, organisme_id: int, nom: str) -> list[Refus]:
    """Rejects taken whole before their payment, which this file brings.

    Returns those whose amount is no fee away from the payment: they are taken out of the accounts, and told with the
    file that brought them; the line of the payment, which is taken, is where it shows.
    """
    refus = []
    for rejet, cible in _rejets_en_attente(etabli, organisme_id):
        etabli.add_beside(_annulation(rejet, cible.ligne))
        parts = separer_frais(_coeur(rejet), _coeur(cible))
        if parts is None:
            refus.append(_ecarte(nom, rejet, cible))
            continue
        seul, frais = (_record(part, cible.ligne) for part in parts)
        etabli.add_beside(seul._replace(reference=rejet.reference + SUFFIXE_REPRISE))
        etabli.add_beside(frais)
    return refus


def is_split_reject(etabli: Etabli, organisme_id: int, recue: EnregistrementEcriture, connue_debit: int) -> bool:
    """A known reject that was split when it first came: what came then is the reject and its fee together."""
    if recue.code != "REJ":
        return False
    frais = etabli.read(
        f"SELECT debit_centimes FROM {ECRITURE} WHERE organisme_id = %s AND reference = %s AND code = 'FRA'",
        [organisme_id, recue.reference + SUFFIXE_FRAIS],
    )
    return bool(frais) and connue_debit + int(frais[0][0]) == recue.debit_centimes


_Trouve = tuple[int, EnregistrementEcriture, EnregistrementEcriture]
_Couple = tuple[EnregistrementEcriture, EnregistrementEcriture]


def _rejets_du_fichier(etabli: Etabli, organisme_id: int) -> list[_Trouve]:
    conditions = f"t.sort = {NEUVE} AND t.code = 'REJ' AND t.reference_annulee <> '' AND t.debit <> t.credit"
    dans_le_fichier = etabli.read(
        f"SELECT {select_etabli('t')}, {select_etabli('c')} FROM {TABLE} t CROSS JOIN {TABLE} c "
        f"WHERE {conditions} AND c.sort = {NEUVE} AND c.reference = t.reference_annulee AND c.compte = t.compte "
        "AND t.debit - t.credit <> c.credit - c.debit ORDER BY t.ordre"
    )
    au_grand_livre = etabli.read(
        f"SELECT {select_etabli('t')}, {select_ledger('e', 'k')} FROM {TABLE} t "
        f"CROSS JOIN {ECRITURE} e CROSS JOIN {COMPTE} k "
        f"WHERE {conditions} AND e.organisme_id = %s AND e.reference = t.reference_annulee AND k.id = e.compte_id "
        "AND k.reference = t.compte AND t.debit - t.credit <> e.credit_centimes - e.debit_centimes ORDER BY t.ordre",
        [organisme_id],
    )
    return [_couple(ligne) for ligne in dans_le_fichier + au_grand_livre]


def _couple(ligne: tuple[Any, ...]) -> _Trouve:
    moitie = len(ligne) // 2
    return ligne[0], record_of(ligne[:moitie]), record_of(ligne[moitie:])


def _rejets_en_attente(
    etabli: Etabli, organisme_id: int
) -> list[tuple[EnregistrementEcriture, EnregistrementEcriture]]:
    # From the ledger's cancelling entries, few, to the workbench: the other way would read the ledger n times. The
    # first condition is written as in their index, since SQLite recognises it by its words.
    lignes = etabli.read(
        f"SELECT {select_ledger('e', 'k')}, {select_etabli('t')} FROM {ECRITURE} e "
        f"CROSS JOIN {TABLE} t CROSS JOIN {COMPTE} k "
        f"WHERE e.organisme_id = %s AND NOT (e.reference_annulee = '') AND e.code = 'REJ' "
        f"AND t.reference = e.reference_annulee AND t.sort = {NEUVE} AND k.id = e.compte_id "
        "AND k.reference = t.compte "
        "AND e.debit_centimes - e.credit_centimes <> t.credit - t.debit AND e.debit_centimes <> e.credit_centimes "
        f"AND NOT EXISTS (SELECT 1 FROM {ECRITURE} x WHERE x.organisme_id = e.organisme_id "
        f"AND x.reference = e.reference || '{SUFFIXE_ANNULATION}') ORDER BY e.reference",
        [organisme_id],
    )
    return [_couple(ligne)[1:] for ligne in lignes]


def _annulation(rejet: EnregistrementEcriture, ligne: int) -> EnregistrementEcriture:
    return rejet._replace(
        ligne=ligne,
        reference=rejet.reference + SUFFIXE_ANNULATION,
        code="OD",
        libelle=f"ANNULATION {rejet.libelle}"[:_LIBELLE],
        debit_centimes=rejet.credit_centimes,
        credit_centimes=rejet.debit_centimes,
        mode="",
        reference_annulee=rejet.reference,
        affectation="",
    )


def _refus(nom: str, ligne: int, rejet: EnregistrementEcriture, cible: EnregistrementEcriture) -> Refus:
    recu = format_euros(rejet.debit_centimes - rejet.credit_centimes)
    return Refus(
        nom,
        ligne,
        "montant",
        recu,
        f"le rejet {rejet.reference} de {recu} ne répond pas au paiement {cible.reference} de "
        f"{format_euros(cible.credit_centimes - cible.debit_centimes)}, et l'écart n'est pas un frais de rejet",
        "vérifier le rejet dans le logiciel d'origine ; passer les frais sur une ligne à part",
        rejet.reference,
        montant_centimes=rejet.debit_centimes - rejet.credit_centimes,
    )


def _ecarte(nom: str, rejet: EnregistrementEcriture, cible: EnregistrementEcriture) -> Refus:
    livre = LigneDeCompte.objects.select_related("livraison__fichier_importe").get(reference=rejet.reference)
    fichier = livre.livraison.fichier_importe
    origine = f", livré par {fichier.nom}," if fichier is not None else ""
    recu = format_euros(rejet.debit_centimes - rejet.credit_centimes)
    paye = format_euros(cible.credit_centimes - cible.debit_centimes)
    return Refus(
        nom,
        cible.ligne,
        "montant",
        recu,
        f"le rejet {rejet.reference}{origine} de {recu} ne répond pas au paiement de cette ligne, {cible.reference} "
        f"de {paye}, qui est pris ; l'écart n'est pas un frais de rejet, et le rejet est retiré des comptes",
        "vérifier le rejet dans le logiciel d'origine ; passer les frais sur une ligne à part",
        rejet.reference,
    )


def _coeur(e: EnregistrementEcriture) -> Ecriture:
    return Ecriture(
        reference=e.reference,
        compte=e.compte,
        date_comptable=e.date_comptable,
        date_valeur=e.date_valeur,
        date_exigibilite=e.date_exigibilite,
        periode=parse_periode(e.periode) if e.periode else None,
        code=e.code,
        libelle=e.libelle,
        debit_centimes=e.debit_centimes,
        credit_centimes=e.credit_centimes,
        mode=e.mode,
        reference_annulee=e.reference_annulee,
        affectation=e.affectation,
    )


def _record(e: Ecriture, ligne: int) -> EnregistrementEcriture:
    return EnregistrementEcriture(
        ligne=ligne,
        reference=e.reference,
        compte=e.compte,
        date_comptable=e.date_comptable,
        date_valeur=e.date_valeur,
        date_exigibilite=e.date_exigibilite,
        periode="" if e.periode is None else format_periode(e.periode),
        code=e.code,
        libelle=e.libelle[:_LIBELLE],
        debit_centimes=e.debit_centimes,
        credit_centimes=e.credit_centimes,
        mode=e.mode,
        reference_annulee=e.reference_annulee,
        affectation=e.affectation,
    )
