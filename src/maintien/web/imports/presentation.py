"""A deposit in words and figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from maintien.apps.comptes.enums import EtatFichier, EtatImportation
from maintien.apps.comptes.models import FichierImporte, Importation
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.models import Execution
from maintien.travaux.imports.bilan import is_explained
from maintien.web.communs.etapes import Signe
from maintien.web.communs.typographie import euros, octets, pluriel


@dataclass(frozen=True, slots=True)
class ControleLu:
    """What the file announces against what was read: agreed, explained by the refused lines, or to be looked into."""

    signe: Signe
    phrase: str


@dataclass(frozen=True, slots=True)
class FichierLu:
    nom: str
    genre: str
    taille: str
    signe: Signe
    lignes: int
    prises: int
    refusees: int
    deja_connues: int
    controle: ControleLu | None
    message: str
    efface_le: datetime | None
    is_fait: bool

    @property
    def is_ecart(self) -> bool:
        return self.controle is not None and self.controle.signe.ton == "ambre"

    @property
    def is_a_voir(self) -> bool:
        return self.is_ecart or self.signe.ton == "ambre"


@dataclass(frozen=True, slots=True)
class ImportLu:
    pk: int
    adresse: str
    profil: str
    demandee_le: datetime
    demandee_par: str
    signe: Signe
    is_en_cours: bool
    etape: str
    fait: int
    total: int
    message: str
    fichiers: list[FichierLu]
    prises: int
    refusees: int
    deja_connues: int

    @property
    def ecarts(self) -> list[FichierLu]:
        """Files whose totals differ, or that were refused as a whole: what is looked at first."""
        return [fichier for fichier in self.fichiers if fichier.is_a_voir]

    @property
    def concordants(self) -> int:
        return sum(1 for fichier in self.fichiers if fichier.controle is not None and not fichier.is_ecart)

    @property
    def fichiers_faits(self) -> int:
        return sum(1 for fichier in self.fichiers if fichier.is_fait)

    @property
    def pour_cent(self) -> int:
        return min(self.fait * 100 // self.total, 100) if self.total else 0


SIGNES_IMPORT = {
    EtatImportation.EN_ATTENTE: Signe("hourglass", "En attente", "accent"),
    EtatImportation.EN_COURS: Signe("loader-2", "En cours", "accent"),
    EtatImportation.TERMINEE: Signe("circle-check", "Terminé", "vert"),
    EtatImportation.ECHOUEE: Signe("alert-triangle", "Arrêté", "ambre"),
}
SIGNES_FICHIER = {
    EtatFichier.EN_ATTENTE: Signe("hourglass", "En attente"),
    EtatFichier.EN_COURS: Signe("loader-2", "En cours", "accent"),
    EtatFichier.IMPORTE: Signe("file-check", "Importé", "vert"),
    EtatFichier.DEJA_IMPORTE: Signe("copy", "Déjà importé"),
    EtatFichier.REFUSE: Signe("file-alert", "À corriger", "ambre"),
}


def import_lu(importation: Importation) -> ImportLu:
    fichiers = sorted(importation.fichiers.all(), key=lambda fichier: fichier.pk)
    execution = importation.execution
    return ImportLu(
        pk=importation.pk,
        adresse=reverse("import_detail", args=[importation.pk]),
        profil=importation.profil,
        demandee_le=importation.created_at,
        demandee_par=str(importation.demandee_par or "ligne de commande"),
        signe=_signe(importation, fichiers),
        is_en_cours=importation.etat in (EtatImportation.EN_ATTENTE, EtatImportation.EN_COURS),
        **_avancement(execution),
        fichiers=[_fichier(fichier) for fichier in fichiers],
        prises=sum(f.prises for f in fichiers),
        refusees=sum(f.refusees for f in fichiers),
        deja_connues=sum(f.deja_connues for f in fichiers),
    )


def _avancement(execution: Execution | None) -> dict[str, Any]:
    if execution is None:
        return {"etape": "", "fait": 0, "total": 0, "message": ""}
    return {"etape": execution.etape, "fait": execution.fait, "total": execution.total, "message": execution.message}


def _signe(importation: Importation, fichiers: list[FichierImporte]) -> Signe:
    a_corriger = any(f.refusees or f.etat == EtatFichier.REFUSE for f in fichiers)
    if importation.etat == EtatImportation.TERMINEE and a_corriger:
        return Signe("file-alert", "Terminé, des lignes à corriger", "ambre")
    execution = importation.execution
    if importation.etat == EtatImportation.EN_ATTENTE and execution and execution.etat == EtatExecution.EN_COURS:
        # The job says so first: its row is claimed before that of the import is written.
        return SIGNES_IMPORT[EtatImportation.EN_COURS]
    return SIGNES_IMPORT[EtatImportation(importation.etat)]


def _fichier(fichier: FichierImporte) -> FichierLu:
    return FichierLu(
        nom=fichier.nom,
        genre=fichier.get_genre_display() if fichier.genre else "",
        taille=octets(fichier.taille),
        signe=SIGNES_FICHIER[EtatFichier(fichier.etat)],
        lignes=fichier.lignes,
        prises=fichier.prises,
        refusees=fichier.refusees,
        deja_connues=fichier.deja_connues,
        controle=_controle(fichier),
        message=fichier.message,
        efface_le=fichier.efface_le,
        is_fait=fichier.etat not in (EtatFichier.EN_ATTENTE, EtatFichier.EN_COURS),
    )


def _controle(fichier: FichierImporte) -> ControleLu | None:
    """Nothing when the file announces no total, or was refused as a whole."""
    if fichier.total_annonce_centimes is None and fichier.nb_annonce is None:
        return None
    if fichier.etat == EtatFichier.REFUSE:
        return None
    ecart = _ecart(fichier)
    if not is_explained(fichier):
        quoi = f"écart de {euros(ecart)}" if ecart else "nombre de lignes"
        return ControleLu(Signe("alert-triangle", f"{quoi} à comprendre", "ambre"), _annonce(fichier))
    if ecart:
        return ControleLu(Signe("info-circle", f"écart de {euros(ecart)} expliqué", "accent"), _annonce(fichier))
    return ControleLu(Signe("check", "les totaux concordent", "vert"), _annonce(fichier))


def _ecart(fichier: FichierImporte) -> int:
    return (fichier.total_annonce_centimes or 0) - (fichier.total_lu_centimes or 0)


def _annonce(fichier: FichierImporte) -> str:
    phrases = []
    if fichier.total_annonce_centimes is not None:
        phrases.append(f"total annoncé {euros(fichier.total_annonce_centimes)}, lu {euros(fichier.total_lu_centimes)}")
    if fichier.nb_annonce is not None:
        phrases.append(f"{pluriel(fichier.nb_annonce, 'ligne annoncée,lignes annoncées')}")
    return " ; ".join(phrases)
