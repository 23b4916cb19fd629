"""A line of the register in words."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from maintien.apps.dossiers.listes import Onglet
from maintien.apps.organismes.extractions import is_expired
from maintien.apps.socle.enums import EtatExtraction, GenreExtraction
from maintien.apps.socle.models import Extraction
from maintien.web.communs.etapes import Signe
from maintien.web.communs.typographie import pluriel

_SIGNES = {
    EtatExtraction.DEMANDEE: Signe("hourglass", "attend une seconde personne", "ambre"),
    EtatExtraction.APPROUVEE: Signe("download", "à prendre", "accent"),
    EtatExtraction.REFUSEE: Signe("ban", "refusé"),
    EtatExtraction.PRISE: Signe("circle-check", "remis", "vert"),
}
_EXPIREE = Signe("clock", "non pris à temps")
_UNITES = {GenreExtraction.JOURNEE: "ménage,ménages", GenreExtraction.REFUS_IMPORT: "ligne,lignes"}
_FILTRES = {
    "onglet": "liste :",
    "secteur": "secteur n°",
    "referent": "suivi par",
    "genre": "étape",
    "recherche": "recherche",
    "import": "import n°",
}


@dataclass(frozen=True, slots=True)
class ExtractionLue:
    pk: int
    code: str
    quoi: str
    combien: str
    finalite: str
    format: str
    filtres: str
    demandeur: str
    demandee_le: datetime
    approbateur: str
    prise_le: datetime | None
    empreinte: str
    signe: Signe
    prendre: str
    decider: str


def extraction_lue(extraction: Extraction, *, with_demandeur: bool = True) -> ExtractionLue:
    perdue = is_expired(extraction, timezone.now())
    return ExtractionLue(
        pk=extraction.pk,
        code=extraction.code,
        quoi=extraction.get_genre_display(),
        combien=pluriel(extraction.nombre, _UNITES[GenreExtraction(extraction.genre)]),
        finalite=extraction.get_finalite_display(),
        format=extraction.get_format_display(),
        filtres=", ".join(_filter(nom, valeur) for nom, valeur in extraction.filtres.items()),
        demandeur=str(extraction.demandeur) if with_demandeur else "",
        demandee_le=extraction.demandee_le,
        approbateur=str(extraction.approbateur or ""),
        prise_le=extraction.prise_le,
        empreinte=extraction.empreinte[:12],
        signe=_EXPIREE if perdue else _SIGNES[EtatExtraction(extraction.etat)],
        prendre=_to_take(extraction) if not perdue else "",
        decider=reverse("extraction_decider", args=[extraction.pk])
        if extraction.etat == EtatExtraction.DEMANDEE
        else "",
    )


def _filter(nom: str, valeur: object) -> str:
    if nom == "onglet" and valeur in Onglet.values:
        valeur = Onglet(valeur).label
    return f"{_FILTRES.get(nom, nom)} {valeur}"


def _to_take(extraction: Extraction) -> str:
    if extraction.etat != EtatExtraction.APPROUVEE:
        return ""
    return reverse("extraction_prendre", args=[extraction.pk])
