"""Hands a file over: built first, then noted in the register, then sent. Shared by the three places that export."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from maintien.apps.organismes.extractions import ExtractionRefuseeError, check_takable, take
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle.enums import EtatExtraction, FormatExtraction
from maintien.apps.socle.models import Extraction
from maintien.travaux.extractions.tableaux import table_of


def remettre(request: HttpRequest, appartenance: Appartenance, extraction: Extraction) -> HttpResponse:
    """The file, when it may be taken; else the page of one's exports, which says why."""
    if extraction.etat == EtatExtraction.DEMANDEE:
        messages.warning(
            request,
            "Votre demande dépasse ce qu’une personne seule peut exporter en un jour : elle attend l’accord d’un "
            "responsable. Le fichier se prendra ici, une fois, dans les 24 heures qui suivront.",
        )
        return redirect("extractions")
    try:
        check_takable(appartenance, extraction)
        return _file(appartenance, extraction)
    except ExtractionRefuseeError as refus:
        messages.error(request, str(refus))
        return redirect("extractions")


def _file(appartenance: Appartenance, extraction: Extraction) -> HttpResponse:
    # The library of spreadsheets takes a while to load: only for whoever exports.
    from maintien.travaux.extractions import fichiers  # noqa: PLC0415

    tableau = table_of(appartenance, extraction)
    contenu = fichiers.write(extraction, tableau, fichiers.mark(extraction, appartenance))
    take(appartenance, extraction, contenu, len(tableau.lignes))
    reponse = HttpResponse(contenu, content_type=fichiers.TYPES[FormatExtraction(extraction.format)])
    reponse["Content-Disposition"] = f'attachment; filename="{fichiers.file_name(extraction, tableau)}"'
    return reponse
