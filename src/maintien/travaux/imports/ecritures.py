"""From the workbench to the ledger: what is new, what is known, what contradicts what was delivered before.

The content of an entry is that of conventions C1, with the means of payment; its label is not: the same entry comes
back with another label, and the first one stays.
"""
# The text of these orders is made of the names of our own tables and columns; every value is a parameter.
# ruff: noqa: S608

from typing import Any, NamedTuple

from maintien.apps.comptes.models import Compte, Ecriture, Livraison
from maintien.coeur.montants import format_euros
from maintien.connecteurs.exports.enregistrements import EnregistrementEcriture, Refus, montrer
from maintien.travaux.imports.etabli import APRES, CONNUE, NEUVE, NOMS, REFUSEE, TABLE, Etabli
from maintien.travaux.imports.refus import check_bound
from maintien.travaux.imports.rejets import is_split_reject
from maintien.travaux.imports.tables import COMPTE, CONTENU, ECRITURE, record_of, select_etabli, select_ledger

_COMPARES = ("compte", *(etabli for etabli, _ in CONTENU))
_LOT = 2000


def mark_known(etabli: Etabli, organisme_id: int) -> None:
    """Lines that come back, in this file or after another one."""
    etabli.execute(
        f"UPDATE {TABLE} SET sort = {CONNUE} WHERE EXISTS (SELECT 1 FROM {TABLE} a "
        f"WHERE a.reference = {TABLE}.reference AND a.ordre < {TABLE}.ordre)"
    )
    etabli.execute(
        f"UPDATE {TABLE} SET sort = {CONNUE} WHERE sort = {NEUVE} AND EXISTS (SELECT 1 FROM {ECRITURE} e "
        f"WHERE e.organisme_id = %s AND e.reference = {TABLE}.reference)",
        [organisme_id],
    )
    # Before this there was no known line at all: the search for contradictions would be planned for none.
    etabli.analyze()


def refuse_contradictions(etabli: Etabli, organisme_id: int, nom: str, limite: int) -> list[Refus]:
    """Known references with another content: the first delivered stays, the later line is set aside."""
    refus: list[Refus] = []
    for ligne in _differing_from_ledger(etabli, organisme_id) + _differing_within_file(etabli):
        recue, connue = record_of(ligne[: len(NOMS)]), record_of(ligne[len(NOMS) :])
        colonnes = [nom for nom in _COMPARES if _value(recue, nom) != _value(connue, nom)]
        if colonnes == ["debit"] and is_split_reject(etabli, organisme_id, recue, connue.debit_centimes):
            continue
        etabli.execute(f"UPDATE {TABLE} SET sort = {REFUSEE} WHERE ordre = %s", [ligne[0]])
        refus.append(_contradiction(nom, recue, connue, colonnes[0]))
        check_bound(nom, refus, limite)
    return refus


def _differing_from_ledger(etabli: Etabli, organisme_id: int) -> list[tuple[Any, ...]]:
    egal = " AND ".join(f"e.{b} IS NOT DISTINCT FROM t.{a}" for a, b in CONTENU)
    return etabli.read(
        f"SELECT {select_etabli('t')}, {select_ledger('e', 'k')} FROM {TABLE} t "
        f"CROSS JOIN {ECRITURE} e CROSS JOIN {COMPTE} k "
        f"WHERE t.sort = {CONNUE} AND e.organisme_id = %s AND e.reference = t.reference AND k.id = e.compte_id "
        f"AND NOT (k.reference = t.compte AND {egal}) ORDER BY t.ordre",
        [organisme_id],
    )


def _differing_within_file(etabli: Etabli) -> list[tuple[Any, ...]]:
    egal = " AND ".join(f"a.{nom} IS NOT DISTINCT FROM t.{nom}" for nom in _COMPARES)
    return etabli.read(
        f"SELECT {select_etabli('t')}, {select_etabli('a')} FROM {TABLE} t CROSS JOIN {TABLE} a "
        f"WHERE t.sort = {CONNUE} AND a.sort = {NEUVE} AND a.reference = t.reference AND NOT ({egal}) ORDER BY t.ordre"
    )


def _value(ecriture: EnregistrementEcriture, nom: str) -> Any:
    return getattr(ecriture, {"debit": "debit_centimes", "credit": "credit_centimes"}.get(nom, nom))


def _contradiction(nom: str, recue: EnregistrementEcriture, connue: EnregistrementEcriture, colonne: str) -> Refus:
    return Refus(
        nom,
        recue.ligne,
        colonne,
        _words(colonne, recue),
        f"écriture {recue.reference} déjà livrée avec un autre contenu ({colonne} : {_words(colonne, connue)})",
        "la première livraison est gardée ; pour la corriger, passer une écriture contraire dans le logiciel",
        recue.reference,
        montant_centimes=recue.debit_centimes - recue.credit_centimes,
    )


def _words(colonne: str, ecriture: EnregistrementEcriture) -> str:
    valeur = _value(ecriture, colonne)
    if colonne in ("debit", "credit"):
        return format_euros(valeur)
    return montrer(str(valeur)) if valeur else "vide"


def create_comptes(etabli: Etabli, organisme_id: int) -> int:
    """Accounts that no lease has named yet; the lease may come in a later file."""
    manquants = etabli.read(
        f"SELECT DISTINCT t.compte FROM {TABLE} t WHERE t.sort = {NEUVE} AND NOT EXISTS (SELECT 1 FROM {COMPTE} c "
        f"WHERE c.organisme_id = %s AND c.reference = t.compte) ORDER BY t.compte",
        [organisme_id],
    )
    Compte.objects.bulk_create((Compte(reference=reference) for (reference,) in manquants), batch_size=_LOT)
    return len(manquants)


def insert_ecritures(etabli: Etabli, livraison: Livraison) -> int:
    """Append the new entries to the ledger, in the order of the file: identifiers grow with the deliveries."""
    noms = ["t.libelle", *(f"t.{a}" for a, _ in CONTENU)]
    cibles = ["libelle", *(b for _, b in CONTENU)]
    return etabli.execute(
        f"INSERT INTO {ECRITURE} (organisme_id, livraison_id, compte_id, reference, {', '.join(cibles)}) "
        f"SELECT %s, %s, k.id, t.reference, {', '.join(noms)} FROM {TABLE} t CROSS JOIN {COMPTE} k "
        f"WHERE t.sort = {NEUVE} AND k.organisme_id = %s AND k.reference = t.compte ORDER BY t.ordre",
        [livraison.organisme_id, livraison.pk, livraison.organisme_id],
    )


def count_sorts(etabli: Etabli) -> dict[int, int]:
    """How many lines of the file are new, known, refused; what the import adds beside them is no line."""
    comptes = etabli.read(f"SELECT sort, COUNT(*) FROM {TABLE} WHERE ordre < {APRES} GROUP BY sort")
    return {int(sort): int(nombre) for sort, nombre in comptes}


class EcritureConnue(NamedTuple):
    """What the ledger holds under a reference: debit minus credit, and the file that delivered it."""

    montant_centimes: int
    fichier_id: int | None


def find_known(references: list[str]) -> dict[str, EcritureConnue]:
    """Those of these references that the ledger holds."""
    connues: dict[str, EcritureConnue] = {}
    for debut in range(0, len(references), _LOT):
        lues = Ecriture.objects.filter(reference__in=references[debut : debut + _LOT])
        valeurs = lues.values_list("reference", "debit_centimes", "credit_centimes", "livraison__fichier_importe_id")
        for reference, au_debit, au_credit, fichier_id in valeurs:
            connues[reference] = EcritureConnue(au_debit - au_credit, fichier_id)
    return connues
