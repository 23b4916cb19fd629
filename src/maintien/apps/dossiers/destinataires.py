"""To whom one writes or speaks: never a guarantor, never someone who died; the curateur or tuteur too."""

from dataclasses import dataclass

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Occupation, Personne
from maintien.apps.dossiers.enums import Protection
from maintien.apps.dossiers.models import Menage

ROLES_LOCATAIRES = (RoleOccupation.TITULAIRE, RoleOccupation.COTITULAIRE)


@dataclass(frozen=True, slots=True)
class Destinataire:
    """One addressee: a tenant, or (without `personne`) the curateur or tuteur as the landlord wrote it down."""

    nom: str
    qualite: str
    personne: Personne | None = None


@dataclass(frozen=True, slots=True)
class Destinataires:
    """Who may be written to, and what must be known before doing it."""

    personnes: tuple[Destinataire, ...]
    avertissements: tuple[str, ...]
    is_contact_restreint: bool


def nom_complet(personne: Personne) -> str:
    return " ".join(filter(None, (personne.civilite, personne.prenom, personne.nom)))


def locataires(menage: Menage) -> list[Personne]:
    """The tenants of a household, titulaires first, each once; guarantors are not of the household."""
    occupations = (
        Occupation.objects.filter(compte__rattachement__menage=menage, role__in=ROLES_LOCATAIRES)
        .select_related("personne")
        .order_by("-role", "pk")
    )
    return list({occupation.personne_id: occupation.personne for occupation in occupations}.values())


def destinataires(menage: Menage) -> Destinataires:
    """Whom to address for this household, in order.

    Curatelle: the person and the curateur (Code civil, art. 467). Tutelle: the tuteur alone for the person protected
    (art. 475). A death that names nobody in a household of several leaves nobody certain: no one, until it is checked.
    """
    personnes = locataires(menage)
    avertissements = []
    if menage.contact_restreint:
        avertissements.append("Contact restreint : vérifier auprès du référent avant d'écrire ou d'appeler.")
    vivants = [personne for personne in personnes if personne.deces_le is None]
    if menage.deces_le is not None and len(vivants) == len(personnes):
        avertissements.append(
            "Un décès est signalé : s'adresser à la succession ou au notaire."
            if len(personnes) <= 1
            else "Un décès est signalé sans dire de qui : le vérifier avant d'écrire."
        )
        vivants = []
    elif len(vivants) < len(personnes) and not vivants:
        avertissements.append("Le titulaire est décédé : s'adresser à la succession ou au notaire.")
    adresses = [Destinataire(nom_complet(personne), "locataire", personne) for personne in vivants]
    return Destinataires(
        tuple(_with_protection(menage, adresses, avertissements)), tuple(avertissements), menage.contact_restreint
    )


def _with_protection(menage: Menage, adresses: list[Destinataire], avertissements: list[str]) -> list[Destinataire]:
    if menage.protection == Protection.AUCUNE or not adresses:
        return adresses
    protegee = menage.personne_protegee_id
    if menage.protection == Protection.TUTELLE:
        qualite = "tuteur"
        # Without a name for the protected person, all are taken to be: the tuteur says who may be addressed.
        adresses = [a for a in adresses if a.personne and protegee is not None and a.personne.pk != protegee]
    else:
        qualite = "curateur"
    if not menage.mandataire:
        avertissements.append(
            f"Mesure de {menage.get_protection_display()} : le nom du {qualite} manque, le demander."
        )
        return adresses
    return [*adresses, Destinataire(menage.mandataire, qualite)]
