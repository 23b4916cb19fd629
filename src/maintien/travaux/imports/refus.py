"""What an import sets aside, kept as rows that a person reads."""

from collections.abc import Iterable

from maintien.apps.comptes.models import FichierImporte, LigneRefusee
from maintien.connecteurs.exports.enregistrements import Refus
from maintien.connecteurs.exports.erreurs import FichierRefuseError

_LOT = 1000
_COLONNE = 80
_REFERENCE = 200


def store_refus(fichier: FichierImporte, refus: Iterable[Refus]) -> int:
    """Keep refused lines, in the order of the file; returns how many."""
    lignes = [
        LigneRefusee(
            fichier=fichier,
            ligne=un.ligne,
            colonne=un.colonne[:_COLONNE],
            valeur=un.valeur,
            motif=un.motif,
            remede=un.remede,
            reference=un.reference[:_REFERENCE],
            montant_centimes=un.montant_centimes,
        )
        for un in sorted(refus, key=lambda un: un.ligne)
    ]
    LigneRefusee.objects.bulk_create(lignes, batch_size=_LOT)
    return len(lignes)


def check_bound(nom: str, refus: list[Refus], limite: int) -> None:
    """A file of which nothing fits is a wrong profile, not thousands of lines to correct."""
    if len(refus) > limite:
        raise FichierRefuseError(
            nom,
            f"plus de {limite} lignes refusées (par exemple ligne {refus[-1].ligne} : {refus[-1].motif}) ; le profil "
            "ne convient sans doute pas à ce fichier, ou une autre version des mêmes écritures a déjà été livrée.",
        )
