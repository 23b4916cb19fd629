"""What must be known before addressing a household, in words: at the top of the dossier and beside the coordinates."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.destinataires import nom_complet
from maintien.apps.dossiers.enums import GenreFait, MotifRestriction, Protection
from maintien.apps.dossiers.models import Fait, Menage
from maintien.apps.dossiers.selectors import DetailDossier
from maintien.coeur.calendrier import format_jour
from maintien.web.communs.typographie import sur_une_ligne
from maintien.web.dossiers.actes import ACTES, ACTES_DU_MENAGE
from maintien.web.dossiers.attention import avis_d_attention
from maintien.web.dossiers.presentation import ActeLu, AvisLu

COMMENT_LEVER = "Cela ne se lève qu’à deux : une personne nommée le demande, une autre répond."


def noms(detail: DetailDossier) -> dict[int, str]:
    """How each person of the household is called."""
    return {o.personne_id: nom_complet(o.personne) for o in detail.occupations}


def avis(detail: DetailDossier) -> list[AvisLu]:
    """What forbids, first; then to whom one writes."""
    menage = detail.dossier.menage
    lus = avis_d_attention(detail)
    if menage.contact_restreint and not lus:
        lus.append(AvisLu("shield-lock", f"{_restriction(detail)} {COMMENT_LEVER}", "ambre"))
    lus += [AvisLu("user", _deces(personne, detail)) for personne in _morts(detail)]
    if menage.deces_le is not None and not _morts(detail):
        lus.append(AvisLu("user", f"Un décès est signalé, au {format_jour(menage.deces_le)}, sans dire de qui."))
    protegee = menage.personne_protegee
    if menage.protection != Protection.AUCUNE and (protegee is None or protegee.deces_le is None):
        lus.append(AvisLu("users-group", _mesure(menage)))
    return lus


def _restriction(detail: DetailDossier) -> str:
    fait = _fait_de_restriction(detail)
    depuis = f" depuis le {format_jour(fait.date)}" if fait else ""
    code = fait.donnees.get("motif") if fait else None
    raison = f" ({MotifRestriction(code).label})" if code in MotifRestriction.values and detail.attention else ""
    return (
        f"Contact restreint{depuis}{raison} : ni appel, ni message, ni courrier sans l’agent référent ; lieu et "
        "coordonnées ne sont pas montrés."
    )


def _fait_de_restriction(detail: DetailDossier) -> Fait | None:
    poses = (e.fait for e in detail.fil if e.fait.genre == GenreFait.PROTECTION)
    return next((fait for fait in poses if fait.donnees.get("contact_restreint")), None)


def _morts(detail: DetailDossier) -> list[Personne]:
    tenues = (o.personne for o in detail.occupations if o.role != RoleOccupation.CAUTION)
    return list({p.pk: p for p in tenues if p.deces_le is not None}.values())


def _deces(personne: Personne, detail: DetailDossier) -> str:
    le = format_jour(personne.deces_le) if personne.deces_le else ""
    vivants = [d.nom for d in detail.destinataires.personnes]
    suite = f"on s’adresse à {' et à '.join(vivants)}" if vivants else "on écrit à la succession ou au notaire"
    return f"{nom_complet(personne)} : décès le {le}. Rien ne lui est adressé, {suite}."


def _mesure(menage: Menage) -> str:
    protegee = menage.personne_protegee
    qui = nom_complet(protegee) if protegee is not None else "Une personne du ménage"
    depuis = f" depuis le {format_jour(menage.protection_depuis)}" if menage.protection_depuis else ""
    nom = ", ".join(filter(None, (menage.mandataire, sur_une_ligne(menage.mandataire_adresse))))
    match Protection(menage.protection):
        case Protection.CURATELLE:
            a_qui = f"on écrit à cette personne et à son curateur{f', {nom}' if nom else ''}"
        case Protection.TUTELLE:
            a_qui = f"on écrit à son tuteur{f', {nom},' if nom else ''} et non à cette personne"
        case _:
            a_qui = f"on écrit à la personne habilitée{f', {nom},' if nom else ''} et non à cette personne"
    manque = "" if nom else " Le nom manque : le demander."
    return f"{qui} est sous {menage.get_protection_display()}{depuis} : {a_qui}.{manque}"


def actes_du_menage(detail: DetailDossier) -> list[ActeLu]:
    """What the reader may note or correct about the people; only what has an object."""
    menage, is_protege = detail.dossier.menage, detail.attention is not None
    demande = detail.attention.demande if detail.attention is not None else None
    utiles = {
        "deces": detail.can_proteger and any(_vivants(detail)),
        "protection": detail.can_proteger and any(_vivants(detail)),
        "restreindre": detail.can_proteger and not menage.contact_restreint,
        "attention": detail.can_placer and (detail.attention is None or detail.attention.mise is None),
        "voies": detail.can_placer and (is_protege or bool(detail.gardes)),
        "nommes": detail.can_placer and is_protege,
        "retour": detail.can_lever and not demande,
        "accord": detail.can_lever and bool(demande),
        "corriger": detail.can_corriger and (menage.protection != Protection.AUCUNE or bool(_morts(detail))),
    }
    pk = detail.dossier.pk
    choisis = (ACTES[cle] for cle in ACTES_DU_MENAGE if utiles[cle])
    return [ActeLu(acte.libelle, reverse(acte.url, args=[pk]), acte.icone) for acte in choisis]


def _vivants(detail: DetailDossier) -> Iterator[Personne]:
    for occupation in detail.occupations:
        if occupation.role != RoleOccupation.CAUTION and occupation.personne.deces_le is None:
            yield occupation.personne


def titre_du_fait(fait: Fait, qui: dict[int, str]) -> str:
    """A protection in the timeline: what, about whom, since when."""
    donnees = fait.donnees
    nom = qui.get(donnees.get("personne") or 0, "")
    de = f" de {nom}" if nom else ""
    match donnees.get("objet"):
        case "deces":
            return f"Décès{de} noté : {format_jour(date.fromisoformat(donnees['deces_le']))}"
        case "correction_deces":
            return f"Décès{de} : noté par erreur"
        case "mesure":
            mandataire = donnees.get("mandataire")
            return f"{_nom_de_mesure(donnees)}{de} notée{f' : {mandataire}' if mandataire else ''}"
        case "fin_mesure":
            return f"{_nom_de_mesure(donnees)}{de} : finie ou corrigée"
        case "attention":
            return _ATTENTION.get(str(donnees.get("acte")), "Conditions de contact revues")
        case _:
            return "Contact restreint signalé" if donnees.get("contact_restreint") else "Protection"


_ATTENTION = {
    "protection.placer": "Attention particulière demandée",
    "protection.nommes": "Personnes nommées revues",
    "protection.voies": "Voies de contact revues",
    "protection.levee_demandee": "Retour au suivi habituel demandé",
    "protection.levee_refusee": "Retour au suivi habituel refusé",
    "protection.levee_confirmee": "Retour au suivi habituel décidé",
}


def _nom_de_mesure(donnees: dict[str, object]) -> str:
    mesure = donnees.get("mesure")
    return Protection(mesure).label.capitalize() if mesure in Protection.values else "Mesure"


def raison_du_fait(fait: Fait, *, is_nomme: bool) -> str:
    """What a person typed, as it is; why a contact is restricted, to those named on the household only."""
    motif = str(fait.donnees.get("motif") or "")
    if motif not in MotifRestriction.values:
        return motif
    return MotifRestriction(motif).label.capitalize() if is_nomme else ""
