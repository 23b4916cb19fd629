"""From the detail of a dossier to its page."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from maintien.apps.dossiers.enums import EtatDossier, NiveauDossier, Protection
from maintien.apps.dossiers.models import Dossier, Menage, Proposition
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.apps.organismes.enums import ClasseChamp
from maintien.coeur.calendrier import format_jour
from maintien.web.communs.etapes import Signe, decisions_possibles, etape_lue
from maintien.web.dossiers.actes import ACTES, ACTES_DU_BANDEAU, ACTES_SUR_CLOS
from maintien.web.dossiers.entete import phrase
from maintien.web.dossiers.fil import fil_lu
from maintien.web.dossiers.joindre import adresse_postale, personnes_a_joindre
from maintien.web.dossiers.presentation import ActeLu, AvisLu, EtapeLue, OngletDossier, PrecedentLu, VueDossier
from maintien.web.dossiers.protections import actes_du_menage, avis
from maintien.web.dossiers.rapprochements import voisinage
from maintien.web.dossiers.reperes import reperes

ENSEMBLE, COMPTE, JOURNAL = "ensemble", "compte", "journal"


def vue_du_dossier(detail: DetailDossier, onglet: str = ENSEMBLE) -> VueDossier:
    dossier, menage = detail.dossier, detail.dossier.menage
    adresse = reverse("dossier", args=[dossier.pk])
    etapes = [_etape(proposition, detail) for proposition in detail.propositions]
    vue = VueDossier(
        pk=dossier.pk,
        au=detail.au,
        nom=menage.libelle or f"Ménage {menage.pk}",
        # Blank already in what the household keeps; said again here, where it would be read.
        lieu="" if menage.contact_restreint or ClasseChamp.COORDONNEES not in detail.classes else menage.lieu,
        phrase=phrase(detail),
        signes=_signes(detail),
        onglets=[],
        avis=[*_limitation(menage), *avis(detail)],
        avertissements=[] if menage.contact_restreint else list(detail.destinataires.avertissements),
        contact_a_verifier=menage.contact_restreint or detail.attention is not None,
        personnes=personnes_a_joindre(detail),
        adresse_postale=adresse_postale(detail),
        reperes=reperes(detail),
        titre_precedents="Dossiers précédents" if dossier.etat == EtatDossier.OUVERT else "Autres dossiers du ménage",
        precedents=[_precedent(dossier) for dossier in detail.precedents],
        voisinage=voisinage(detail),
        actes_du_menage=actes_du_menage(detail),
        etape=etapes[0] if etapes else None,
        autres_etapes=etapes[1:],
        sans_etape=_sans_etape(detail),
        actes=_actes(detail),
        fil=fil_lu(detail),
        adresse=adresse,
        adresse_compte=reverse("dossier_compte", args=[dossier.pk]),
        adresse_journal=f"{adresse}?onglet={JOURNAL}",
    )
    vue.onglets.extend(_onglets(vue, onglet))
    return vue


def _limitation(menage: Menage) -> list[AvisLu]:
    if menage.traitement_limite_le is None:
        return []
    depuis = format_jour(menage.traitement_limite_le)
    texte = (
        f"Traitement limité depuis le {depuis}, à la demande de la personne : rien n’est proposé, sauf ce que la loi "
        "impose. N’utilisez ces données que pour cela ; les questions vont au délégué à la protection des données."
    )
    return [AvisLu("player-pause", texte, "ambre")]


def _onglets(vue: VueDossier, courant: str) -> list[OngletDossier]:
    return [
        OngletDossier("Vue d’ensemble", vue.adresse, courant == ENSEMBLE),
        OngletDossier("Compte", vue.adresse_compte, courant == COMPTE),
        OngletDossier("Journal", vue.adresse_journal, courant == JOURNAL),
    ]


def _precedent(dossier: Dossier) -> PrecedentLu:
    fin = f" au {format_jour(dossier.clos_le)}" if dossier.clos_le else ", ouvert"
    libelle = f"Du {format_jour(dossier.ouvert_le)}{fin}"
    return PrecedentLu(libelle, reverse("dossier", args=[dossier.pk]), dossier.motif_cloture)


def _signes(detail: DetailDossier) -> list[Signe]:
    dossier, menage = detail.dossier, detail.dossier.menage
    signes = []
    if dossier.niveau == NiveauDossier.PROTEGE or menage.contact_restreint:
        signes.append(Signe("shield-lock", "Contact à vérifier avec l’agent référent", "ambre"))
    elif dossier.niveau == NiveauDossier.SUIVI:
        signes.append(Signe("heart-handshake", "Suivi renforcé", "accent"))
    if menage.protection != Protection.AUCUNE:
        signes.append(Signe("users-group", _signe_de_mesure(menage), "accent"))
    if menage.deces_le is not None:
        signes.append(Signe("info-circle", "Décès signalé"))
    if detail.pause_en_cours is not None:
        signes.append(Signe("calendar-pause", f"En pause jusqu’au {format_jour(detail.pause_en_cours.au)}", "accent"))
    if dossier.etat == EtatDossier.CLOS:
        signes.append(Signe("circle-check", "Dossier clos", "vert"))
    return signes


def _signe_de_mesure(menage: Menage) -> str:
    nom = menage.get_protection_display()
    return nom.capitalize() if menage.protection == Protection.HABILITATION else f"Sous {nom}"


def _etape(proposition: Proposition, detail: DetailDossier) -> EtapeLue:
    adresses: dict[str, Any] = {}
    if detail.can_agir:
        adresses = {
            decision: f"{reverse(f'proposition_{decision}', args=[proposition.pk])}?depuis=dossier"
            for decision in decisions_possibles(proposition, timezone.localdate())
        }
    return EtapeLue(**etape_lue(proposition), **adresses)


def _sans_etape(detail: DetailDossier) -> str:
    if detail.dossier.etat == EtatDossier.CLOS:
        return (
            "Ce dossier est clos : rien n’y est plus proposé. Un appel reçu, une visite ou une note s’y notent "
            "encore ; un nouvel impayé ouvrira un autre dossier."
        )
    if detail.pause_en_cours is not None:
        return f"Le dossier est en pause : rien n’est proposé jusqu’au {format_jour(detail.pause_en_cours.au)}."
    retours = [etape.reportee_au for etape in detail.reportees if etape.reportee_au is not None]
    if retours:
        etape = min(detail.reportees, key=lambda reportee: reportee.reportee_au or date.max)
        return f"L’étape revient le {format_jour(min(retours))} : {etape.quoi}"
    return "Aucune étape n’est proposée. La passe de cette nuit regardera de nouveau le compte."


def _actes(detail: DetailDossier) -> list[ActeLu]:
    if not detail.can_agir:
        return []
    pk = detail.dossier.pk
    is_clos = detail.dossier.etat != EtatDossier.OUVERT
    actes = (ACTES[cle] for cle in ACTES_DU_BANDEAU if not is_clos or cle in ACTES_SUR_CLOS)
    return [ActeLu(acte.libelle, reverse(acte.url, args=[pk]), acte.icone, acte.touche) for acte in actes]
