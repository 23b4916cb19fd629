"""What a household must be spared: a death, a measure that protects an adult, a contact that is restricted.

Each act: permission, checked input, one transaction, one fact, one line of journal, and its effect at once: what was
proposed to somebody who must no longer be addressed lapses before the answer is sent. The words typed are kept in the
fact; the journal holds identifiers and codes. Protections belong to the household: a closed dossier forbids none.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Occupation, Personne
from maintien.apps.dossiers.conflits import changes_since
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES
from maintien.apps.dossiers.enums import (
    Canal,
    EtatProposition,
    GenreFait,
    MotifRestriction,
    Protection,
    SourceDeces,
)
from maintien.apps.dossiers.erreurs import ConflitError, SaisieRefuseeError
from maintien.apps.dossiers.faits import record_fait
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.models import Dossier, Menage, Proposition
from maintien.apps.dossiers.permissions import check
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import journal
from maintien.coeur.calendrier import format_jour

PROTEGER, CORRIGER = "menage.proteger", "menage.corriger"
TEXTE_MAX = 500
ANNEE_MIN = 1950
VIVANTES = (EtatProposition.A_FAIRE, EtatProposition.REPORTEE)
SANS_CANAL = "Étape que la loi impose : voir avec l’agent référent par quelle voie l’accomplir."


def take_effect(menage_ids: Collection[int]) -> None:
    """Before anybody reads the list again: no contact is proposed as it was, no place is named.

    What the law imposes on the landlord stays, without a channel. The night proposes afresh.
    """
    vivantes = Proposition.objects.filter(dossier__menage_id__in=menage_ids, etat__in=VIVANTES)
    contacts = vivantes.exclude(canal=Canal.INTERNE)
    contacts.filter(imposee=False).update(etat=EtatProposition.PERIMEE)
    contacts.filter(imposee=True).update(canal=Canal.INTERNE, quoi=SANS_CANAL)
    name_menages(menage_ids)


def record_deces(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    personne: int,
    deces_le: date,
    source: SourceDeces,
    version: int,
    jour: date | None = None,
) -> Dossier:
    """A tenant died: nothing is addressed to them any more, in any household where they are named."""
    check(appartenance, PROTEGER, dossier)
    refuse_future(deces_le, "deces_le")
    with journal.atomic():
        lock_dossier(dossier, version)
        defunt = tenant(dossier, personne)
        if defunt.deces_le is not None:
            raise SaisieRefuseeError(f"Ce décès est déjà noté, au {format_jour(defunt.deces_le)}.", "personne")
        if defunt.date_naissance is not None and deces_le < defunt.date_naissance:
            raise SaisieRefuseeError("Le décès ne peut pas précéder la naissance.", "deces_le")
        Personne.objects.filter(pk=defunt.pk).update(deces_le=deces_le)
        menages = households(defunt.pk)
        _date_deaths(menages)
        donnees = {"objet": "deces", "personne": defunt.pk, "deces_le": deces_le.isoformat(), "selon": source}
        tell(appartenance, dossier, "menage.deces", donnees, jour, personne=defunt.pk)
        take_effect(menages)
    return dossier


def cancel_deces(
    appartenance: Appartenance, dossier: Dossier, *, personne: int, motif: str, version: int, jour: date | None = None
) -> Dossier:
    """The person is alive: the death was noted by mistake."""
    check(appartenance, CORRIGER, dossier)
    with journal.atomic():
        lock_dossier(dossier, version)
        vivant = tenant(dossier, personne)
        if vivant.deces_le is None:
            raise SaisieRefuseeError("Aucun décès n'est noté pour cette personne.")
        Personne.objects.filter(pk=vivant.pk).update(deces_le=None)
        menages = households(vivant.pk)
        _date_deaths(menages)
        donnees = {"objet": "correction_deces", "personne": vivant.pk, "motif": _reason(motif)}
        tell(appartenance, dossier, "menage.correction", donnees, jour, personne=vivant.pk, objet="deces")
        take_effect(menages)
    return dossier


def set_protection(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    mesure: Protection,
    personne: int,
    version: int,
    mandataire: str = "",
    adresse: str = "",
    depuis: date | None = None,
    motif: str = "",
    jour: date | None = None,
) -> Dossier:
    """Who is protected, by which measure, and to whom one writes. Replacing what was noted asks for its reason."""
    check(appartenance, PROTEGER, dossier)
    if depuis is not None:
        refuse_future(depuis, "depuis")
    if mesure == Protection.AUCUNE:
        raise SaisieRefuseeError("Choisissez la mesure.", "mesure")
    for champ, texte in (("mandataire", mandataire), ("adresse", adresse)):
        if len(texte.strip()) > TEXTE_MAX:
            raise SaisieRefuseeError(f"Ce texte dépasse {TEXTE_MAX} caractères.", champ)
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        protegee = tenant(dossier, personne)
        donnees: dict[str, Any] = {"objet": "mesure", "mesure": mesure, "personne": protegee.pk}
        if menage.protection != Protection.AUCUNE:
            check(appartenance, CORRIGER, dossier)
            donnees |= {"avant": menage.protection, "motif": _reason(motif)}
        menage.protection, menage.personne_protegee, menage.protection_depuis = mesure, protegee, depuis
        menage.mandataire, menage.mandataire_adresse = mandataire.strip(), adresse.strip()
        _save_measure(menage)
        donnees |= {"mandataire": menage.mandataire, "depuis": depuis.isoformat() if depuis else ""}
        tell(appartenance, dossier, "menage.protection", donnees, jour, personne=protegee.pk, mesure=mesure)
        take_effect([menage.pk])
    return dossier


def end_protection(
    appartenance: Appartenance, dossier: Dossier, *, motif: str, version: int, jour: date | None = None
) -> Dossier:
    """The measure is over, or was noted by mistake: the person is addressed again like anybody."""
    check(appartenance, CORRIGER, dossier)
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        if menage.protection == Protection.AUCUNE:
            raise SaisieRefuseeError("Aucune mesure de protection n'est notée.")
        avant, personne = menage.protection, menage.personne_protegee_id
        menage.protection, menage.personne_protegee, menage.protection_depuis = Protection.AUCUNE, None, None
        menage.mandataire = menage.mandataire_adresse = ""
        _save_measure(menage)
        donnees = {"objet": "fin_mesure", "mesure": avant, "personne": personne, "motif": _reason(motif)}
        tell(appartenance, dossier, "menage.correction", donnees, jour, personne=personne, objet=avant)
        take_effect([menage.pk])
    return dossier


def restrict_contact(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    motif: MotifRestriction,
    version: int,
    personne: int | None = None,
    jour: date | None = None,
) -> Dossier:
    """Nobody of the household is contacted without the référent; with a person named, wherever she is named.

    Nothing here lifts it: two people have to agree (levees.py).
    """
    check(appartenance, PROTEGER, dossier)
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        if menage.contact_restreint:
            raise SaisieRefuseeError("Le contact avec ce ménage est déjà restreint.")
        menages = {menage.pk}
        if personne is not None:
            qui = tenant(dossier, personne)
            Personne.objects.filter(pk=qui.pk).update(contact_restreint=True)
            menages |= set(households(qui.pk, RoleOccupation.values))
        Menage.objects.filter(pk__in=menages).update(contact_restreint=True)
        donnees = {"objet": "restriction", "contact_restreint": True, "motif": motif, "personne": personne}
        tell(appartenance, dossier, "menage.restriction", donnees, jour, personne=personne, code=motif)
        take_effect(menages)
    return dossier


def lock_dossier(dossier: Dossier, version: int) -> Menage:
    """Lock the dossier as the person saw it, and its household."""
    if Dossier.objects.filter(pk=dossier.pk, version=version).update(version=F("version") + 1) == 0:
        dossier.refresh_from_db()
        raise ConflitError(changes_since(dossier, version), dossier.version)
    dossier.refresh_from_db()
    dossier.menage = Menage.objects.select_for_update().get(pk=dossier.menage_id)
    return dossier.menage


def tenant(dossier: Dossier, personne: int) -> Personne:
    """A tenant of the household: a guarantor is not of it, and another household is none of its business."""
    siens = Personne.objects.filter(
        pk=personne,
        occupations__compte__rattachement__menage_id=dossier.menage_id,
        occupations__role__in=ROLES_LOCATAIRES,
    )
    trouvee = siens.first()
    if trouvee is None:
        raise SaisieRefuseeError("Choisissez une personne de ce ménage.", "personne")
    return trouvee


def households(personne: int, roles: Collection[str] = ROLES_LOCATAIRES) -> list[int]:
    liens = Occupation.objects.filter(personne_id=personne, role__in=roles, compte__rattachement__isnull=False)
    return list(liens.values_list("compte__rattachement__menage_id", flat=True).distinct())


def _date_deaths(menage_ids: Collection[int]) -> None:
    """The day of the last death known among the tenants of each household, or none."""
    morts = dict(
        Occupation.objects.filter(compte__rattachement__menage_id__in=menage_ids, role__in=ROLES_LOCATAIRES)
        .values("compte__rattachement__menage_id")
        .annotate(dernier=Max("personne__deces_le"))
        .order_by()
        .values_list("compte__rattachement__menage_id", "dernier")
    )
    menages = list(Menage.objects.filter(pk__in=menage_ids))
    for menage in menages:
        menage.deces_le = morts.get(menage.pk)
    Menage.objects.bulk_update(menages, ["deces_le"])


def _save_measure(menage: Menage) -> None:
    menage.save(
        update_fields=["protection", "personne_protegee", "protection_depuis", "mandataire", "mandataire_adresse"]
    )


def _reason(motif: str) -> str:
    propre = motif.strip()
    if not propre:
        raise SaisieRefuseeError("Dites en quelques mots pourquoi vous corrigez.", "motif")
    if len(propre) > TEXTE_MAX:
        raise SaisieRefuseeError(f"Ce texte dépasse {TEXTE_MAX} caractères.", "motif")
    return propre


def refuse_future(jour: date, champ: str) -> None:
    if jour > timezone.localdate():
        raise SaisieRefuseeError(f"Le {format_jour(jour)} est à venir : relisez ce jour.", champ)
    if jour.year < ANNEE_MIN:
        raise SaisieRefuseeError(f"L'année {jour.year} est trop ancienne : relisez ce jour.", champ)


def tell(
    appartenance: Appartenance,
    dossier: Dossier,
    acte: str,
    donnees: dict[str, Any],
    jour: date | None,
    **identifiants: Any,
) -> None:
    """One fact with the words, one line of journal without them; the line bears the version it made."""
    auteur = appartenance.utilisateur
    record_fait(
        dossier.menage,
        GenreFait.PROTECTION,
        jour or timezone.localdate(),
        dossier=dossier,
        auteur=auteur,
        **donnees,
    )
    journal.record(
        acte, dossier, acteur=auteur, version=dossier.version, menage=dossier.menage_id, donnees=identifiants
    )
