"""À qui l'on s'adresse et par quel canal : ce que la personne permet passe avant ce que la règle préfère.

Le garant n'apparaît pas ici : il n'est pas un locataire et n'est jamais joint comme tel.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from maintien.coeur.orientation.faits import FaitsMenage

APPEL, SMS, COURRIEL, COURRIER, VISITE, INTERNE = "appel", "sms", "courriel", "courrier", "visite", "interne"
CANAUX = (APPEL, SMS, COURRIEL, COURRIER, VISITE, INTERNE)
"""Les canaux qu'une règle peut nommer."""


class Destinataire(StrEnum):
    """À qui l'on s'adresse."""

    LOCATAIRE = "locataire"
    TUTEUR = "tuteur"
    LOCATAIRE_ET_TUTEUR = "locataire_et_tuteur"
    HABILITE = "personne_habilitee"
    LOCATAIRE_ET_HABILITE = "locataire_et_personne_habilitee"
    CURATEUR = "locataire_et_curateur"
    SUCCESSION = "succession"
    SURVIVANT = "survivant"
    REFERENT = "referent"
    PERSONNE = "personne"


@dataclass(frozen=True, slots=True)
class Contact:
    """Le canal retenu, la personne, et comment le dire (« Appeler Mme Martinez »)."""

    canal: str
    destinataire: Destinataire
    joindre: str


def contact(faits: FaitsMenage, canaux: Iterable[str]) -> Contact:
    """Rend le premier canal que la personne permet, et à qui l'on s'adresse.

    Dans l'ordre : un contact restreint se décide avec l'agent référent ; un décès fait écrire à la
    succession (ou au cotitulaire survivant) ; un majeur en tutelle est représenté par son tuteur
    (Code civil, art. 473 et 475), une habilitation familiale fait écrire à la personne habilitée
    (art. 494-6) ; en curatelle on écrit à la personne et au curateur (art. 467) ; un cotitulaire que la mesure ne
    protège pas doit en son nom : on lui écrit aussi, et le cotitulaire d'un défunt peut être lui-même protégé ;
    une opposition aux SMS, l'absence de numéro et un numéro ou une adresse qui se sont révélés mauvais
    ferment les canaux correspondants.
    """
    preferes = tuple(canaux)
    if set(preferes) == {INTERNE}:
        return Contact(INTERNE, Destinataire.PERSONNE, "")
    if faits.contact_restreint:
        return Contact(INTERNE, Destinataire.REFERENT, f"Voir avec l’agent référent comment joindre {_nom(faits)}")
    if not faits.has_titulaire:
        return Contact(INTERNE, Destinataire.PERSONNE, "Retrouver le titulaire du bail")
    ecrit = _par_ecrit(faits)
    if ecrit is not None:
        return ecrit
    canal = next((canal for canal in (*preferes, COURRIER) if _is_permis(canal, faits)), None)
    if canal is None:
        return Contact(INTERNE, Destinataire.PERSONNE, f"Retrouver comment joindre {_nom(faits)}")
    return Contact(canal, Destinataire.LOCATAIRE, _JOINDRE[canal].format(_nom(faits), _a(_nom(faits))))


def _par_ecrit(faits: FaitsMenage) -> Contact | None:
    """Rend le courrier que la situation de la personne impose, ou rien."""
    nom, a_nom = _nom(faits), _a(_nom(faits))
    if faits.deces_le is not None and not faits.has_survivant:
        return Contact(COURRIER, Destinataire.SUCCESSION, f"Écrire à la succession {_de(nom)}")
    deuil = ", cotitulaire en deuil" if faits.deces_le is not None else ""
    if faits.protection in _MESURES:
        destinataire, joindre = _avec_mandataire(faits)
        return Contact(COURRIER, destinataire, joindre + deuil)
    if deuil:
        return Contact(COURRIER, Destinataire.SURVIVANT, f"Écrire {a_nom}{deuil}")
    return None


def _avec_mandataire(faits: FaitsMenage) -> tuple[Destinataire, str]:
    """À qui l'on écrit sous une mesure : qui représente ou assiste la personne, et les cotitulaires qu'elle laisse."""
    mandataire = f" ({faits.mandataire})" if faits.mandataire else ""
    if faits.protection == "curatelle":
        a_tous = _a(_nom(faits))
        if faits.libres:
            return Destinataire.CURATEUR, f"Écrire {a_tous}, et au curateur{mandataire} {_de(faits.protege)}"
        return Destinataire.CURATEUR, f"Écrire {a_tous} et à son curateur{mandataire}"
    seul, avec_d_autres, au_mandataire = _MESURES[faits.protection]
    if faits.libres:
        joindre = f"Écrire {_a(faits.libres)}, et {au_mandataire}{mandataire} {_de(faits.protege)}"
        return avec_d_autres, joindre
    return seul, f"Écrire {au_mandataire}{mandataire} {_de(_nom(faits))}"


def _is_permis(canal: str, faits: FaitsMenage) -> bool:
    if canal in faits.canaux_ecartes:
        return False
    match canal:
        case "sms":
            return faits.has_telephone and not faits.opposition_sms
        case "appel":
            return faits.has_telephone
        case "courriel":
            return faits.has_courriel
        case "courrier" | "visite":
            return True
        case _:
            return False


_MESURES = {
    "tutelle": (Destinataire.TUTEUR, Destinataire.LOCATAIRE_ET_TUTEUR, "au tuteur"),
    "habilitation": (Destinataire.HABILITE, Destinataire.LOCATAIRE_ET_HABILITE, "à la personne habilitée"),
    "curatelle": (Destinataire.CURATEUR, Destinataire.CURATEUR, "au curateur"),
}
"""Pour chaque mesure : à qui l'on écrit quand elle est seule, quand d'autres locataires doivent aussi, et comment."""

_JOINDRE = {
    APPEL: "Appeler {0}",
    SMS: "Envoyer un SMS {1}",
    COURRIEL: "Envoyer un courriel {1}",
    COURRIER: "Écrire {1}",
    VISITE: "Passer voir {0}",
}


def _nom(faits: FaitsMenage) -> str:
    return faits.locataire or "le ménage"


def _a(nom: str) -> str:
    return "au ménage" if nom == "le ménage" else f"à {nom}"


def _de(nom: str) -> str:
    if nom == "le ménage":
        return "du ménage"
    return f"d’{nom}" if nom[:1].upper() in "AÀÂEÉÈÊËHIÎOÔUYŒ" and "." not in nom[:4] else f"de {nom}"
