"""The copy of what is held on a person, as one archive: a page to read, JSON for a machine, the écritures as CSV."""

import csv
import io
import json
import zipfile
from datetime import date
from typing import Any

from django.utils import timezone

from maintien.apps.dossiers.copie import Copie, Rubrique, Valeur, copy_of
from maintien.apps.dossiers.models import DemandeDroit
from maintien.travaux.droits.page import page_html

FORMAT, VERSION = "dossier-personne", 1
_ECRITURES = "ecriture"
_FORMULES = ("=", "+", "-", "@", "\t", "\r")


def archive(demande: DemandeDroit) -> bytes:
    """Built in memory: no copy of a person's file stays on the disk of the server."""
    copie, jour = copy_of(demande), timezone.localdate()
    organisme = demande.organisme.nom
    contenu = io.BytesIO()
    with zipfile.ZipFile(contenu, "w", zipfile.ZIP_DEFLATED) as paquet:
        paquet.writestr("dossier.html", page_html(copie, organisme, jour))
        paquet.writestr("dossier.json", json.dumps(as_json(copie, organisme, jour), ensure_ascii=False, indent=2))
        paquet.writestr("ecritures.csv", _csv(copie))
    return contenu.getvalue()


def as_json(copie: Copie, organisme: str, jour: date) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "etabli_le": jour.isoformat(),
        "organisme": organisme,
        "partielle": copie.is_partielle,
        "rubriques": [
            {"cle": r.cle, "titre": r.titre, "elements": [{c: _json(v) for c, v in f.items()} for f in r.fiches]}
            for r in copie.rubriques
        ],
    }


def _json(valeur: Valeur) -> str | int | bool | None:
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def _csv(copie: Copie) -> str:
    [ecritures] = [rubrique for rubrique in copie.rubriques if rubrique.cle == _ECRITURES]
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrivain.writerow(_colonnes(ecritures))
    for fiche in ecritures.fiches:
        ecrivain.writerow([_neutre(_json(valeur)) for valeur in fiche.values()])
    return "\ufeff" + sortie.getvalue()


def _colonnes(rubrique: Rubrique) -> list[str]:
    return list(rubrique.fiches[0]) if rubrique.fiches else []


def _neutre(valeur: str | int | bool | None) -> str:  # noqa: FBT001 - a value of the copy
    """A label typed elsewhere must not run as a formula."""
    texte = "" if valeur is None else str(valeur)
    return f"'{texte}" if isinstance(valeur, str) and texte.startswith(_FORMULES) else texte
