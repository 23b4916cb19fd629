"""The report of an import, as data: for the run row, the command line and `--json`."""

from typing import Any

from maintien.apps.comptes.models import Bail, Compte, FichierImporte, Importation, LigneRefusee

_COMPTES_CITES = 10


def make_bilan(importation: Importation) -> dict[str, Any]:
    """Totals, one entry a file, and the accounts that no lease explains."""
    fichiers = [_fichier(f) for f in FichierImporte.objects.filter(importation=importation).order_by("pk")]
    return {
        "import": importation.pk,
        "profil": importation.profil,
        "prises": sum(f["prises"] for f in fichiers),
        "refusees": sum(f["refusees"] for f in fichiers),
        "deja_connues": sum(f["deja_connues"] for f in fichiers),
        "fichiers_refuses": sum(f["etat"] == "refuse" for f in fichiers),
        "ecarts_inexpliques": sum(not f["totaux_expliques"] for f in fichiers),
        **_comptes_sans_bail(),
        "fichiers": fichiers,
    }


def _fichier(fichier: FichierImporte) -> dict[str, Any]:
    return {
        "nom": fichier.nom,
        "genre": fichier.genre,
        "etat": fichier.etat,
        "lignes": fichier.lignes,
        "prises": fichier.prises,
        "refusees": fichier.refusees,
        "deja_connues": fichier.deja_connues,
        "nb_annonce": fichier.nb_annonce,
        "total_annonce_centimes": fichier.total_annonce_centimes,
        "total_lu_centimes": fichier.total_lu_centimes,
        "totaux_expliques": is_explained(fichier),
        "message": fichier.message,
    }


def is_explained(fichier: FichierImporte) -> bool:
    """The announced totals agree with what was read, or differ by lines that were delivered again, readable."""
    nombre_juste = fichier.nb_annonce is None or fichier.nb_annonce == fichier.lignes
    return nombre_juste and fichier.totaux_expliques


def _comptes_sans_bail() -> dict[str, Any]:
    """Their entries are kept, and their situation waits for the lease."""
    comptes = Compte.objects.exclude(pk__in=Bail.objects.values("compte_id")).order_by("reference")
    references = list(comptes.values_list("reference", flat=True)[:_COMPTES_CITES])
    return {"comptes_sans_bail": comptes.count(), "exemples_comptes_sans_bail": references}


def refused_rows(importation: Importation, limite: int | None = None) -> list[tuple[str, int, str, str, str, str]]:
    """Refused lines in the order of the files: file, line, column, value, reason, cure."""
    lignes = LigneRefusee.objects.filter(fichier__importation=importation).order_by("fichier_id", "ligne", "pk")
    champs = ("fichier__nom", "ligne", "colonne", "valeur", "motif", "remede")
    return list(lignes.values_list(*champs)[:limite])
