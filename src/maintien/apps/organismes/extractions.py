"""The register of exports: who asks, who agrees, who takes, once; and how much one person may take in a day."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError, has_permission, require
from maintien.apps.socle import journal
from maintien.apps.socle.enums import EtatExtraction, Finalite, FormatExtraction, GenreExtraction, NomReglage
from maintien.apps.socle.models import Extraction
from maintien.apps.socle.reglages import setting

DEMANDER = "extraction.demander"
APPROUVER = "extraction.approuver"
REGISTRE = "extraction.registre"
DUREE = timedelta(hours=24)
MENAGES_MAX = 5000
# Letters that nobody takes for another when reading a code aloud.
_LETTRES = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# Lines refused in an import show a faulty column and no household: registered, not counted.
_COMPTES = (GenreExtraction.JOURNEE,)


class ExtractionRefuseeError(ValueError):
    """What was asked cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Demande:
    """What somebody wants to take out: households, or another object that `nombre` measures."""

    genre: GenreExtraction
    format: FormatExtraction
    finalite: Finalite
    menages: Sequence[int] = ()
    nombre: int = 0
    objet_id: int | None = None
    filtres: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Budget:
    """Households that one person may take out alone in a day, and those taken already."""

    par_jour: int
    pris: int

    @property
    def reste(self) -> int:
        return max(self.par_jour - self.pris, 0)


def budget(appartenance: Appartenance) -> Budget:
    jour = timezone.localdate()
    seules = Extraction.objects.filter(
        Q(etat=EtatExtraction.PRISE) | Q(etat=EtatExtraction.APPROUVEE),
        demandeur=appartenance.utilisateur_id,
        approbateur=None,
        genre__in=_COMPTES,
        demandee_le__gte=_midnight(jour),
    )
    pris = seules.aggregate(pris=Sum("nombre"))["pris"] or 0
    return Budget(setting(NomReglage.EXTRACTION_MENAGES, jour), pris)


def request_extraction(appartenance: Appartenance, demande: Demande) -> Extraction:
    """Enter it in the register; agreed at once within the budget of the day, else left to a second person."""
    require(appartenance, DEMANDER)
    nombre = len(demande.menages) or demande.nombre
    if nombre == 0:
        raise ExtractionRefuseeError("Il n'y a rien à exporter : changez les filtres de la liste.")
    if len(demande.menages) > MENAGES_MAX:
        raise ExtractionRefuseeError(f"Un export porte au plus {MENAGES_MAX} ménages : resserrez les filtres.")
    with journal.atomic():
        # Two requests at once would each find the budget whole: they wait for one another here.
        Appartenance.objects.select_for_update().get(pk=appartenance.pk)
        seul = demande.genre not in _COMPTES or nombre <= budget(appartenance).reste
        extraction = Extraction.objects.create(
            demandeur=appartenance.utilisateur,
            genre=demande.genre,
            format=demande.format,
            finalite=demande.finalite,
            objet_id=demande.objet_id,
            filtres=dict(demande.filtres),
            menages=list(demande.menages),
            nombre=nombre,
            code=new_code(),
            etat=EtatExtraction.APPROUVEE if seul else EtatExtraction.DEMANDEE,
            demandee_le=timezone.now(),
        )
        _tell(appartenance, extraction, "demander", seul=seul)
    return extraction


def decide(appartenance: Appartenance, extraction: Extraction, *, approuver: bool) -> None:
    """A second person agrees or not, never the one who asks."""
    if require(appartenance, APPROUVER).utilisateur_id == extraction.demandeur_id:
        raise ExtractionRefuseeError("C'est votre demande : une autre personne doit en décider.")
    with journal.atomic():
        etat = EtatExtraction.APPROUVEE if approuver else EtatExtraction.REFUSEE
        decidees = Extraction.objects.filter(pk=extraction.pk, etat=EtatExtraction.DEMANDEE)
        champs = {"etat": etat, "approbateur": appartenance.utilisateur, "decidee_le": timezone.now()}
        if decidees.update(**champs) == 0:
            raise ExtractionRefuseeError("Cette demande a déjà reçu une réponse.")
        _tell(appartenance, extraction, "approuver" if approuver else "refuser", demandeur=extraction.demandeur_id)
    extraction.refresh_from_db()


def check_takable(appartenance: Appartenance, extraction: Extraction) -> None:
    """Whoever asked, once, in the day that follows the agreement."""
    require(appartenance, DEMANDER)
    if extraction.demandeur_id != appartenance.utilisateur_id:
        raise AccesRefuseError(DEMANDER)
    match extraction.etat:
        case EtatExtraction.DEMANDEE:
            raise ExtractionRefuseeError("Cet export attend l'accord d'une seconde personne.")
        case EtatExtraction.REFUSEE:
            raise ExtractionRefuseeError("Cet export a été refusé.")
        case EtatExtraction.PRISE:
            raise ExtractionRefuseeError("Cet export a déjà été remis : refaites une demande.")
    if is_expired(extraction, timezone.now()):
        raise ExtractionRefuseeError("Cet export n'a pas été pris dans les 24 heures : refaites une demande.")


def take(appartenance: Appartenance, extraction: Extraction, contenu: bytes, nombre: int) -> None:
    """Note that this file goes out. Of two clicks at once, one is served and the other is told."""
    check_takable(appartenance, extraction)
    with journal.atomic():
        empreinte = hashlib.sha256(contenu).hexdigest()
        prises = Extraction.objects.filter(pk=extraction.pk, etat=EtatExtraction.APPROUVEE)
        if prises.update(etat=EtatExtraction.PRISE, prise_le=timezone.now(), empreinte=empreinte) == 0:
            raise ExtractionRefuseeError("Cet export a déjà été remis : refaites une demande.")
        _tell(appartenance, extraction, "prendre", remis=nombre, empreinte=empreinte)
    extraction.refresh_from_db()


def is_expired(extraction: Extraction, instant: datetime) -> bool:
    depuis = extraction.decidee_le or extraction.demandee_le
    return extraction.etat == EtatExtraction.APPROUVEE and instant >= depuis + DUREE


def own_extractions(appartenance: Appartenance) -> QuerySet[Extraction]:
    require(appartenance, DEMANDER)
    siennes = Extraction.objects.filter(demandeur=appartenance.utilisateur_id)
    return siennes.select_related("approbateur").defer("menages").order_by("-pk")


def to_decide(appartenance: Appartenance) -> QuerySet[Extraction]:
    """Requests that wait for this person: never their own."""
    if not has_permission(appartenance, APPROUVER):
        return Extraction.objects.none()
    attente = Extraction.objects.filter(etat=EtatExtraction.DEMANDEE).exclude(demandeur=appartenance.utilisateur_id)
    return attente.select_related("demandeur").defer("menages").order_by("pk")


def register(appartenance: Appartenance) -> QuerySet[Extraction]:
    require(appartenance, REGISTRE)
    return Extraction.objects.select_related("demandeur", "approbateur").defer("menages").order_by("-pk")


def new_code() -> str:
    lettres = [secrets.choice(_LETTRES) for _ in range(8)]
    return f"MT-{''.join(lettres[:4])}-{''.join(lettres[4:])}"


def _midnight(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time.min))


def _tell(appartenance: Appartenance, extraction: Extraction, acte: str, **details: Any) -> None:
    journal.record(
        f"extraction.{acte}",
        extraction,
        acteur=appartenance.utilisateur,
        finalite=Finalite(extraction.finalite),
        genre=extraction.genre,
        code=extraction.code,
        nombre=extraction.nombre,
        **details,
    )
