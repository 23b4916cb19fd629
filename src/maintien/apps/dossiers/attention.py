"""Placing a household under protection, who is named on it, and how each of its people is reached.

Each act: permission, checked input, one transaction, one fact, one line of journal, effects at once. Neither says
why: the reason and whom to keep out of it stand in `MiseSousProtection`, the ways in `CanalSur`, for those named.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from maintien.apps.comptes.models import Occupation
from maintien.apps.dossiers.canaux_surs import Voie, check_voies, tenants_of
from maintien.apps.dossiers.destinataires import ROLES_LOCATAIRES
from maintien.apps.dossiers.enums import AuteurPresume, MotifRestriction, NiveauDossier, VoieContact
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.models import CanalSur, Dossier, Menage, MiseSousProtection, PersonneNommee
from maintien.apps.dossiers.nominations import active_members
from maintien.apps.dossiers.permissions import check, forget_named
from maintien.apps.dossiers.protections import lock_dossier, refuse_future, take_effect, tell
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import journal
from maintien.apps.socle.journal import Ligne

PLACER = "dossier.proteger"
OBJET = "attention"


def place(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    motif: MotifRestriction,
    depuis: date,
    nommes: Collection[int],
    voies: Mapping[int, Voie],
    version: int,
    auteur_presume: AuteurPresume | str = "",
    personne_en_cause: int | None = None,
    jour: date | None = None,
) -> Dossier:
    """Hide the household from whoever is not named, everywhere, before the answer is sent."""
    check(appartenance, PLACER, dossier)
    refuse_future(depuis, "depuis")
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        if running(menage.pk) is not None:
            raise SaisieRefuseeError("Ce ménage est déjà sous protection.")
        tenants = tenants_of([menage.pk])
        check_voies(voies, tenants, is_protege=True)
        if (auteur_presume == AuteurPresume.OCCUPANT) != (personne_en_cause is not None) or (
            personne_en_cause is not None and personne_en_cause not in tenants
        ):
            raise SaisieRefuseeError("Choisissez une personne de ce ménage.", "auteur")
        mise = MiseSousProtection.objects.create(
            menage=menage,
            motif=motif,
            depuis=depuis,
            auteur_presume=auteur_presume,
            personne_en_cause_id=personne_en_cause,
            posee_par=appartenance.utilisateur,
        )
        menages = [menage.pk, *_extend(mise)]
        _protect(menages)
        _set_named(appartenance, menages, nommes)
        _write_voies(appartenance, menages, dict.fromkeys(tenants, Voie()) | dict(voies), jour)
        tell_attention(appartenance, dossier, "protection.placer", jour, menages=menages, nommes=sorted(set(nommes)))
    forget_named(appartenance)
    return dossier


def set_named(
    appartenance: Appartenance, dossier: Dossier, *, nommes: Collection[int], version: int, jour: date | None = None
) -> Dossier:
    """Say anew who knows of this household. One may leave it oneself; somebody stays."""
    check(appartenance, PLACER, dossier)
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        if dossier.niveau != NiveauDossier.PROTEGE:
            raise SaisieRefuseeError("Ce ménage n'est pas sous protection.")
        entres, sortis = _set_named(appartenance, group_of(menage.pk), nommes)
        tell_attention(appartenance, dossier, "protection.nommes", jour, entres=entres, sortis=sortis)
    forget_named(appartenance)
    return dossier


def set_voies(
    appartenance: Appartenance, dossier: Dossier, *, voies: Mapping[int, Voie], version: int, jour: date | None = None
) -> Dossier:
    """How each person is reached. After the protection, the explicit entry by which the file is believed again."""
    check(appartenance, PLACER, dossier)
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        is_protege = dossier.niveau == NiveauDossier.PROTEGE
        connues = set(CanalSur.objects.filter(menage=menage).values_list("personne_id", flat=True))
        if not is_protege and not connues:
            raise SaisieRefuseeError("Les coordonnées de ce ménage sont celles du progiciel : rien n'est à dire ici.")
        check_voies(voies, tenants_of([menage.pk]), is_protege=is_protege)
        _write_voies(appartenance, group_of(menage.pk), voies, jour)
        name_menages(group_of(menage.pk))
        tell_attention(appartenance, dossier, "protection.voies", jour, personnes=sorted(voies))
    return dossier


def running(menage_id: int) -> MiseSousProtection | None:
    return MiseSousProtection.objects.filter(menage_id=menage_id, levee_le=None).first()


def group_of(menage_id: int) -> list[int]:
    """The household and those protected with it, this one first: what is decided of one is decided of all."""
    mise = running(menage_id)
    if mise is None:
        return [menage_id]
    racine = mise.origine_id or mise.pk
    ensemble = MiseSousProtection.objects.filter(levee_le=None)
    ids = set(ensemble.filter(pk=racine).values_list("menage_id", flat=True))
    ids |= set(ensemble.filter(origine_id=racine).values_list("menage_id", flat=True))
    return [menage_id, *sorted(ids - {menage_id})]


def extend_protections() -> int:
    """After an import: whoever is protected stays so under another lease, alone or with others.

    The people named are the same; the duo of the other household learns nothing. In the transaction of the import.
    Returns how many were added.
    """
    ajoutes = 0
    for mise in MiseSousProtection.objects.filter(levee_le=None, origine=None).order_by("pk"):
        nouveaux = _extend(mise)
        if nouveaux:
            _protect(nouveaux)
            _copy_named(mise.menage_id, nouveaux)
            keep_aside(nouveaux)
            journal.record_many(Ligne("protection.etendre", Menage(pk=pk), {"de": mise.menage_id}) for pk in nouveaux)
            ajoutes += len(nouveaux)
    return ajoutes


def carry_protection(de: int, vers: int) -> None:
    """Accounts given back by a protected household stay protected, by the same people."""
    mise = running(de)
    if mise is None or running(vers) is not None:
        return
    _follow(mise, [vers])
    _protect([vers])
    _copy_named(de, [vers])
    keep_aside([vers])


def _extend(mise: MiseSousProtection) -> list[int]:
    """Protect every other household where one of its people is a tenant, but for whom it protects them from."""
    menages = [mise.menage_id, *mise.suites.filter(levee_le=None).values_list("menage_id", flat=True)]
    suivis = tenants_of(menages) - {mise.personne_en_cause_id}
    tenues = Occupation.objects.filter(personne_id__in=suivis, role__in=ROLES_LOCATAIRES)
    ailleurs = set(
        tenues.filter(compte__rattachement__isnull=False).values_list("compte__rattachement__menage_id", flat=True)
    )
    deja = MiseSousProtection.objects.filter(menage_id__in=ailleurs, levee_le=None).values_list("menage_id", flat=True)
    nouveaux = sorted(ailleurs - set(menages) - set(deja))
    _follow(mise, nouveaux)
    return nouveaux


def _follow(mise: MiseSousProtection, menage_ids: Collection[int]) -> None:
    MiseSousProtection.objects.bulk_create(
        MiseSousProtection(
            menage_id=pk,
            origine_id=mise.origine_id or mise.pk,
            motif=mise.motif,
            depuis=mise.depuis,
            auteur_presume=mise.auteur_presume,
            personne_en_cause_id=mise.personne_en_cause_id,
        )
        for pk in menage_ids
    )


def _protect(menage_ids: Collection[int]) -> None:
    """All their dossiers, closed ones too; no place, no contact as it was proposed."""
    Menage.objects.filter(pk__in=menage_ids).update(contact_restreint=True)
    Dossier.objects.filter(menage_id__in=menage_ids).exclude(niveau=NiveauDossier.PROTEGE).update(
        niveau=NiveauDossier.PROTEGE, version=F("version") + 1
    )
    take_effect(menage_ids)


def _set_named(
    appartenance: Appartenance, menage_ids: Collection[int], nommes: Collection[int]
) -> tuple[list[int], list[int]]:
    voulus = set(nommes)
    if not voulus:
        raise SaisieRefuseeError(
            "Nommez au moins une personne : sans elle, plus personne ne suivrait ce ménage.", "nommes"
        )
    actifs = set(active_members().filter(utilisateur_id__in=voulus).values_list("utilisateur_id", flat=True))
    if actifs != voulus:
        raise SaisieRefuseeError("Une de ces personnes ne peut pas être nommée : rôle différent, ou départ.", "nommes")
    avant: set[int] = set()
    for menage_id in menage_ids:
        lignes = PersonneNommee.objects.filter(menage_id=menage_id)
        connus = set(lignes.values_list("utilisateur_id", flat=True))
        lignes.exclude(utilisateur_id__in=voulus).delete()
        PersonneNommee.objects.bulk_create(
            PersonneNommee(menage_id=menage_id, utilisateur_id=pk, nommee_par=appartenance.utilisateur)
            for pk in sorted(voulus - connus)
        )
        avant |= connus
    return sorted(voulus - avant), sorted(avant - voulus)


def _copy_named(de: int, menage_ids: Collection[int]) -> None:
    """The same people, and nobody whom a rule had named there before: the duo there was not chosen."""
    PersonneNommee.objects.filter(menage_id__in=menage_ids).delete()
    PersonneNommee.objects.bulk_create(
        PersonneNommee(menage_id=menage_id, utilisateur_id=nomme.utilisateur_id, nommee_par_id=nomme.nommee_par_id)
        for menage_id in menage_ids
        for nomme in PersonneNommee.objects.filter(menage_id=de)
    )


def keep_aside(menage_ids: Collection[int]) -> None:
    """Nobody there is contacted until a way is said; one said for the same person elsewhere holds here too."""
    aujourd_hui = timezone.localdate()
    for menage_id in menage_ids:
        personnes = tenants_of([menage_id])
        dits = {
            canal.personne_id: canal for canal in CanalSur.objects.filter(personne_id__in=personnes).order_by("pk")
        }
        deja = set(CanalSur.objects.filter(menage_id=menage_id).values_list("personne_id", flat=True))
        for pk in sorted(personnes - deja):
            dit = dits.get(pk)
            CanalSur.objects.create(
                menage_id=menage_id,
                personne_id=pk,
                voie=dit.voie if dit is not None and dit.voie != VoieContact.FICHIER else VoieContact.AUCUNE,
                valeur=dit.valeur if dit is not None else "",
                horaires=dit.horaires if dit is not None else "",
                saisi_le=aujourd_hui,
            )


def _write_voies(
    appartenance: Appartenance, menage_ids: Collection[int], voies: Mapping[int, Voie], jour: date | None
) -> None:
    for menage_id in menage_ids:
        tenants = tenants_of([menage_id])
        for personne, dite in voies.items():
            if personne not in tenants:
                continue
            is_joignable = dite.voie not in (VoieContact.AUCUNE, VoieContact.FICHIER)
            CanalSur.objects.update_or_create(
                menage_id=menage_id,
                personne_id=personne,
                defaults={
                    "voie": dite.voie,
                    "valeur": dite.valeur.strip() if is_joignable else "",
                    "horaires": dite.horaires.strip() if is_joignable else "",
                    "saisi_par": appartenance.utilisateur,
                    "saisi_le": jour or timezone.localdate(),
                },
            )
    keep_aside(menage_ids)


def tell_attention(appartenance: Appartenance, dossier: Dossier, acte: str, jour: date | None, **donnees: Any) -> None:
    """One fact that says nothing of why, one line of journal of identifiers."""
    dossier.refresh_from_db()
    tell(appartenance, dossier, acte, {"objet": OBJET, "acte": acte}, jour, **donnees)
