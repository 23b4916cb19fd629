"""The acts of a dossier as screens know them: a form, words, and the action that it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from maintien.apps.dossiers import actions, attention, levees, protections, reunions
from maintien.apps.dossiers.enums import AuteurPresume
from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.models import Appartenance, Utilisateur
from maintien.web.dossiers.forms import (
    ActeForm,
    AppelForm,
    CauseForm,
    NoteForm,
    PauseForm,
    ReattribuerForm,
    VisiteForm,
)
from maintien.web.dossiers.forms_attention import (
    ACCORD,
    AccordForm,
    AttentionForm,
    NommesForm,
    RetourForm,
    VoiesForm,
    voies_saisies,
)
from maintien.web.dossiers.forms_protections import (
    DECES,
    MESURE,
    CorrigerForm,
    DecesForm,
    ProtectionForm,
    RestreindreForm,
)
from maintien.web.dossiers.forms_rapprochements import RapprocherForm

Executer = Callable[[Appartenance, Dossier, Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Acte:
    cle: str
    libelle: str
    titre: str
    bouton: str
    merci: str
    icone: str
    form: type[ActeForm]
    executer: Executer
    touche: str = ""
    permission: str = "dossier.agir"

    @property
    def url(self) -> str:
        return f"dossier_{self.cle}"


def _appel(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return actions.record_appel(membre, dossier, **contact(saisie))


def _visite(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return actions.record_visite(membre, dossier, **contact(saisie))


def contact(saisie: Mapping[str, Any]) -> dict[str, Any]:
    valeurs = {nom: saisie[nom] for nom in ("issue", "jour", "texte", "rappel_le")}
    return valeurs | {nom: saisie[nom] for nom in ("mur", "cle") if saisie.get(nom)}


def _note(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return actions.add_note(membre, dossier, **saisie)


def _pause(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return actions.open_pause(membre, dossier, **saisie)


def _cause(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    valeurs = {nom: saisie[nom] for nom in ("cause", "source", "version")}
    return actions.set_cause(membre, dossier, jour=saisie["jour_connu"], **valeurs)


def _reattribuer(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    personnes = Utilisateur.objects.in_bulk([pk for pk in (saisie["referent"], saisie["cesf"]) if pk])
    return actions.reassign(
        membre,
        dossier,
        referent=personnes.get(saisie["referent"]),
        cesf=personnes.get(saisie["cesf"]),
        version=saisie["version"],
        motif=saisie["motif"],
    )


def _deces(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return protections.record_deces(membre, dossier, **saisie)


def _protection(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return protections.set_protection(membre, dossier, **saisie)


def _restreindre(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return protections.restrict_contact(membre, dossier, **saisie)


def _corriger(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    commun = {nom: saisie[nom] for nom in ("motif", "version")}
    if saisie["quoi"] == MESURE:
        return protections.end_protection(membre, dossier, **commun)
    return protections.cancel_deces(membre, dossier, personne=int(saisie["quoi"].removeprefix(f"{DECES}-")), **commun)


def _rapprocher(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    choix, _, pk = saisie["quoi"].partition("-")
    commun = {nom: saisie[nom] for nom in ("motif", "version")}
    return reunions.decide_join(membre, dossier, rapprochement=int(pk), choix=choix, **commun)


def _attention(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    auteur, _, pk = saisie["auteur"].partition("-")
    return attention.place(
        membre,
        dossier,
        auteur_presume=AuteurPresume(auteur) if auteur else "",
        personne_en_cause=int(pk) if pk else None,
        voies=voies_saisies(saisie),
        **{nom: saisie[nom] for nom in ("motif", "depuis", "nommes", "version")},
    )


def _nommes(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return attention.set_named(membre, dossier, **saisie)


def _voies(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return attention.set_voies(membre, dossier, voies=voies_saisies(saisie), version=saisie["version"])


def _retour(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    return levees.ask_lifting(membre, dossier, **saisie)


def _accord(membre: Appartenance, dossier: Dossier, saisie: Mapping[str, Any]) -> object:
    accord = saisie["reponse"] == ACCORD
    return levees.answer_lifting(membre, dossier, accord=accord, version=saisie["version"])


_TOUS = (
    Acte(
        cle="appel",
        libelle="Appel",
        titre="Noter un appel",
        bouton="Enregistrer l’appel",
        merci="L’appel est noté.",
        icone="phone-call",
        form=AppelForm,
        executer=_appel,
        touche="a",
    ),
    Acte(
        cle="visite",
        libelle="Visite",
        titre="Noter une visite",
        bouton="Enregistrer la visite",
        merci="La visite est notée.",
        icone="walk",
        form=VisiteForm,
        executer=_visite,
    ),
    Acte(
        cle="note",
        libelle="Note",
        titre="Écrire une note",
        bouton="Enregistrer la note",
        merci="La note est enregistrée.",
        icone="note",
        form=NoteForm,
        executer=_note,
        touche="n",
    ),
    Acte(
        cle="pause",
        libelle="Pause",
        titre="Mettre en pause",
        bouton="Poser la pause",
        merci="La pause est posée.",
        icone="calendar-pause",
        form=PauseForm,
        executer=_pause,
        touche="p",
    ),
    Acte(
        cle="cause",
        libelle="Cause",
        titre="Cause du retard",
        bouton="Enregistrer la cause",
        merci="La cause est notée.",
        icone="help-circle",
        form=CauseForm,
        executer=_cause,
    ),
    Acte(
        cle="reattribuer",
        libelle="Réattribuer",
        titre="Qui suit ce dossier",
        bouton="Enregistrer le duo",
        merci="Le duo est changé.",
        icone="users",
        form=ReattribuerForm,
        executer=_reattribuer,
        permission="dossier.reattribuer",
    ),
    Acte(
        cle="deces",
        libelle="Noter un décès",
        titre="Noter un décès",
        bouton="Enregistrer le décès",
        merci="Le décès est noté : plus rien ne s’adresse à cette personne.",
        icone="user",
        form=DecesForm,
        executer=_deces,
        permission="menage.proteger",
    ),
    Acte(
        cle="protection",
        libelle="Curatelle, tutelle, habilitation",
        titre="Protection d’un majeur",
        bouton="Enregistrer la mesure",
        merci="La mesure est notée : la page dit à qui écrire.",
        icone="users-group",
        form=ProtectionForm,
        executer=_protection,
        permission="menage.proteger",
    ),
    Acte(
        cle="restreindre",
        libelle="Restreindre le contact",
        titre="Restreindre le contact",
        bouton="Restreindre le contact",
        merci="Le contact est restreint : lieu et coordonnées ne sont plus montrés.",
        icone="shield-lock",
        form=RestreindreForm,
        executer=_restreindre,
        permission="menage.proteger",
    ),
    Acte(
        cle="corriger",
        libelle="Corriger",
        titre="Corriger un décès ou une mesure",
        bouton="Enregistrer la correction",
        merci="La correction est faite.",
        icone="arrow-back-up",
        form=CorrigerForm,
        executer=_corriger,
        permission="menage.corriger",
    ),
    Acte(
        cle="rapprocher",
        libelle="Décider",
        titre="Un seul ménage, ou deux",
        bouton="Enregistrer",
        merci="C’est noté. La passe de cette nuit en tiendra compte.",
        icone="users-group",
        form=RapprocherForm,
        executer=_rapprocher,
        permission="menage.corriger",
    ),
    # Addresses and messages stay in a browser that others may open: neutral words only.
    Acte(
        cle="attention",
        libelle="Placer sous protection",
        titre="Placer sous protection",
        bouton="Enregistrer",
        merci="C’est enregistré.",
        icone="shield-lock",
        form=AttentionForm,
        executer=_attention,
        permission="dossier.proteger",
    ),
    Acte(
        cle="voies",
        libelle="Voies de contact",
        titre="Par quelle voie joindre chacun",
        bouton="Enregistrer",
        merci="C’est enregistré.",
        icone="phone-call",
        form=VoiesForm,
        executer=_voies,
        permission="dossier.proteger",
    ),
    Acte(
        cle="nommes",
        libelle="Personnes nommées",
        titre="Qui voit ce dossier",
        bouton="Enregistrer",
        merci="C’est enregistré.",
        icone="users",
        form=NommesForm,
        executer=_nommes,
        permission="dossier.proteger",
    ),
    Acte(
        cle="retour",
        libelle="Demander le retour au suivi habituel",
        titre="Retour au suivi habituel",
        bouton="Demander",
        merci="C’est demandé : une autre personne y répondra.",
        icone="arrow-back-up",
        form=RetourForm,
        executer=_retour,
        permission="dossier.lever",
    ),
    Acte(
        cle="accord",
        libelle="Répondre à la demande de retour",
        titre="Retour au suivi habituel : votre réponse",
        bouton="Répondre",
        merci="Votre réponse est enregistrée.",
        icone="check",
        form=AccordForm,
        executer=_accord,
        permission="dossier.lever",
    ),
)
ACTES = {acte.cle: acte for acte in _TOUS}
ACTES_DU_BANDEAU = ("appel", "visite", "note", "pause")
ACTES_DU_MENAGE = (
    "deces",
    "protection",
    "restreindre",
    "attention",
    "voies",
    "nommes",
    "retour",
    "accord",
    "corriger",
)
# What stays possible on a closed dossier: people outlive it, and call after it. Nothing there is changed any more.
ACTES_SUR_CLOS = ("appel", "visite", "note", "rapprocher", *ACTES_DU_MENAGE)
