"""What those named on a protected household read, in neutral words: somebody may look over their shoulder."""

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.enums import AuteurPresume, MotifLevee, VoieContact
from maintien.apps.dossiers.levees import DELAI_JOURS
from maintien.apps.dossiers.models import DemandeLevee
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.coeur.calendrier import format_jour
from maintien.web.dossiers.presentation import AvisLu

A_FAIRE = (
    "Attention particulière. À faire : joindre chaque personne seulement par la voie notée pour elle, et vérifier à "
    "qui l’on parle avant de dire d’où l’on appelle. À ne pas faire : ni SMS, ni lien, ni courrier, ni message "
    "laissé, ni visite annoncée ; ne rien dire de ce dossier à un autre occupant."
)
SANS_VOIE = "Ne pas contacter : aucune voie n’est notée pour cette personne."
A_L_ECART = "Ne rien lui dire de ce dossier, ne rien faire passer par cette personne."
A_CONFIRMER = "Voie à confirmer avec la personne : ses coordonnées ne sont pas montrées."


def avis_d_attention(detail: DetailDossier) -> list[AvisLu]:
    attention = detail.attention
    if attention is None:
        return []
    noms, mise = ", ".join(str(nomme.utilisateur) for nomme in attention.nommes), attention.mise
    qui = f"Seules ces personnes voient ce dossier : {noms}."
    if mise is not None:
        hors = mise.auteur_presume in (AuteurPresume.ANCIEN_CONJOINT, AuteurPresume.TIERS)
        ecart = f" À tenir à l’écart : {mise.get_auteur_presume_display()}." if hors else ""
        qui = f"Depuis le {format_jour(mise.depuis)}, seules ces personnes voient ce dossier : {noms}.{ecart}"
    lus = [AvisLu("shield-lock", A_FAIRE, "ambre"), AvisLu("users", qui)]
    if attention.demande is not None:
        lus.append(AvisLu("users", _demande(attention.demande)))
    return lus


def _demande(demande: DemandeLevee) -> str:
    motif = MotifLevee(demande.motif).label
    return (
        f"{demande.demandee_par} demande depuis le {format_jour(demande.demandee_le)} que ce dossier redevienne "
        f"visible ({motif}). Une autre personne nommée répond ; sans réponse, la demande tombe après "
        f"{DELAI_JOURS} jours."
    )


def voie_lue(personne: Personne, detail: DetailDossier) -> str:
    """The way of one person, without any link to dial or write: nobody calls the wrong one by a slip."""
    attention = detail.attention
    if attention is None:
        return A_CONFIRMER if personne.pk in detail.gardes else ""
    canal = attention.canaux.get(personne.pk)
    dit = SANS_VOIE
    if canal is not None and canal.voie not in (VoieContact.AUCUNE, VoieContact.FICHIER):
        quand = f" ({canal.horaires})" if canal.horaires else ""
        dit = f"{_VOIES[VoieContact(canal.voie)]} : {canal.valeur}{quand}. Noté le {format_jour(canal.saisi_le)}."
    mise = attention.mise
    is_en_cause = mise is not None and mise.personne_en_cause_id == personne.pk
    return f"{A_L_ECART} {dit}" if is_en_cause else dit


_VOIES = {
    VoieContact.TELEPHONE: "Par ce numéro seulement",
    VoieContact.COURRIEL: "Par cette adresse électronique seulement",
    VoieContact.TIERS: "En passant par",
}
