"""From rows of the worklist to what is read on the screen."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from maintien.apps.dossiers.journee import DossierListe, EtapeListe, LigneListe, Liste, Onglet
from maintien.apps.dossiers.models import Pause
from maintien.coeur.calendrier import format_jour
from maintien.web.communs.etapes import adresse_de, decisions_possibles, etape_lue
from maintien.web.communs.typographie import duree_entre
from maintien.web.journee.presentation import LigneJournee


def lignes_lues(liste: Liste) -> list[LigneJournee]:
    aujourd_hui = timezone.localdate()
    return [_ligne(ligne, liste, aujourd_hui) for ligne in liste.lignes]


def etapes_lues(liste: Liste) -> Iterator[LigneJournee]:
    """Every line of the list, the short ones of the same household too."""
    for ligne in lignes_lues(liste):
        yield ligne
        yield from ligne.suites


def _ligne(ligne: LigneListe, liste: Liste, aujourd_hui: date) -> LigneJournee:
    champs: dict[str, Any] = {}
    if ligne.proposition is not None:
        champs = _etape(ligne.proposition, aujourd_hui)
    raison = _raison(ligne, liste.onglet, liste.au)
    if raison:
        champs["quoi"] = champs.get("quoi") or champs.get("raison", "")
        champs["raison"] = raison
    menage = _menage(ligne)
    return LigneJournee(
        cle=str(ligne.proposition.pk) if ligne.proposition else f"d{ligne.dossier.pk}",
        suites=tuple([_seconde(etape, menage, aujourd_hui) for etape in ligne.suites]),
        **menage,
        **({"raison": "Aucune étape proposée pour le moment."} | champs),
    )


def _menage(ligne: LigneListe) -> dict[str, Any]:
    return {
        "adresse": adresse_de("dossier", ligne.dossier.pk),
        "nom": ligne.dossier.libelle or f"Ménage {ligne.dossier.menage_id}",
        "lieu": "" if ligne.dossier.contact_restreint else ligne.dossier.lieu,
        "montant_centimes": ligne.dette_exigible_centimes,
        "depuis": ligne.date_plus_ancien,
    }


def _seconde(proposition: EtapeListe, menage: dict[str, Any], aujourd_hui: date) -> LigneJournee:
    """A short line: the household and its figures are those of the line above, and show if that one goes."""
    etape = _etape(proposition, aujourd_hui) | {"raison": proposition.quoi, "quoi": ""}
    return LigneJournee(cle=str(proposition.pk), seconde=True, **menage, **etape)


def _etape(proposition: EtapeListe, aujourd_hui: date) -> dict[str, Any]:
    """The step in words, its first reason first."""
    lue = etape_lue(proposition)
    motifs = lue["motifs"]
    return lue | {
        "raison": motifs[0] if motifs else proposition.quoi,
        "proposition_id": proposition.pk,
        **{
            decision: adresse_de(f"proposition_{decision}", proposition.pk)
            for decision in decisions_possibles(proposition, aujourd_hui)
        },
    }


def _raison(ligne: LigneListe, onglet: Onglet, au: date) -> str:
    match onglet:
        case Onglet.EN_PAUSE:
            return _pause(ligne.pause)
        case Onglet.SANS_REPONSE if ligne.dossier.sans_reponse_depuis is not None:
            depuis = ligne.dossier.sans_reponse_depuis
            return f"Sans réponse depuis le {format_jour(depuis)} ({duree_entre(depuis, au)})"
        case Onglet.SANS_ACTIVITE:
            return _silence(ligne.dossier, au)
        case Onglet.SANS_REFERENT:
            return f"Ouvert le {format_jour(ligne.dossier.ouvert_le)}, personne ne le suit"
        case _:
            return ""


def _pause(pause: Pause | None) -> str:
    if pause is None:
        return ""
    motif = pause.precision or pause.get_motif_display()
    return f"En pause jusqu’au {format_jour(pause.au)} : {motif}"


def _silence(dossier: DossierListe, au: date) -> str:
    derniere = dossier.derniere_activite_le
    if derniere is None:
        return f"Rien n’a été noté depuis l’ouverture, le {format_jour(dossier.ouvert_le)}"
    return f"Dernière activité le {format_jour(derniere)} ({duree_entre(derniere, au)})"
