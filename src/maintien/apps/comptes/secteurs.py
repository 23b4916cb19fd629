"""Gives homes and accounts the sector that the landlord's table says."""

from datetime import date

from django.db import transaction

from maintien.apps.comptes.models import Bail, Compte, Logement
from maintien.apps.organismes.secteurs import sector_resolver

_LOT = 2000
# Ahead of any real lease: a lease without exit is the one that says where the account is.
_SANS_FIN = date.max


def assign_secteurs() -> int:
    """After an import or a change of the table: returns how many homes and accounts moved. Safe to repeat."""
    with transaction.atomic():
        return _assign_logements() + _assign_comptes()


def _assign_logements() -> int:
    resolve = sector_resolver()
    changes = []
    champs = ("id", "organisme_id", "residence", "commune", "code_postal", "secteur_id")
    for logement in Logement.objects.only(*champs).iterator(chunk_size=_LOT):
        secteur_id = resolve(logement.residence, logement.commune, logement.code_postal)
        if secteur_id != logement.secteur_id:
            logement.secteur_id = secteur_id
            changes.append(logement)
    Logement.objects.bulk_update(changes, ["secteur"], batch_size=_LOT)
    return len(changes)


def _assign_comptes() -> int:
    """An account is where its main lease is: homes before parking spaces, the latest to end, then to begin."""
    principaux: dict[int, tuple[tuple[bool, date, date, str], int | None]] = {}
    baux = Bail.objects.values_list(
        "compte_id", "bail_annexe_de", "date_sortie", "date_entree", "reference", "logement__secteur_id"
    )
    for compte_id, annexe_de, sortie, entree, reference, secteur_id in baux.iterator(chunk_size=_LOT):
        rang = (annexe_de == "", sortie or _SANS_FIN, entree, reference)
        if compte_id not in principaux or rang > principaux[compte_id][0]:
            principaux[compte_id] = (rang, secteur_id)
    changes = []
    for compte in Compte.objects.only("id", "organisme_id", "secteur_id").iterator(chunk_size=_LOT):
        secteur_du_compte = principaux[compte.pk][1] if compte.pk in principaux else None
        if secteur_du_compte != compte.secteur_id:
            compte.secteur_id = secteur_du_compte
            changes.append(compte)
    Compte.objects.bulk_update(changes, ["secteur"], batch_size=_LOT)
    return len(changes)
