"""Totals that differ by lines without a readable amount: settled when the same entries have been delivered right."""

from maintien.apps.comptes.models import FichierImporte
from maintien.travaux.imports.ecritures import find_known

_LIVREES = "L'écart est celui de ces lignes, livrées par un autre fichier et lisibles."


def settle_totals() -> int:
    """Look again at every total left to be checked, whatever the import; returns how many add up now.

    Each entry must be in the ledger by another file, and all of them must add up to the difference, to the centime.
    """
    attente = FichierImporte.objects.filter(totaux_expliques=False, total_annonce_centimes__isnull=False)
    return sum(_settle(fichier) for fichier in attente if fichier.references_sans_montant)


def _settle(fichier: FichierImporte) -> bool:
    references = list(fichier.references_sans_montant)
    livrees = [une for une in find_known(references).values() if une.fichier_id != fichier.pk]
    ecart = (fichier.total_annonce_centimes or 0) - (fichier.total_lu_centimes or 0)
    if len(livrees) < len(references) or sum(une.montant_centimes for une in livrees) != ecart:
        return False
    fichier.totaux_expliques = True
    fichier.message = fichier.message.replace(" ; à vérifier.", f". {_LIVREES}", 1)
    fichier.save(update_fields=["totaux_expliques", "message"])
    return True
