"""Lifting a protection takes two people: one asks with a reason, another one, named too, answers.

What was asked is kept, refused or expired. Afterwards the coordinates of the people stay aside (`CanalSur`) until
somebody says that those of the file are good again.
"""

from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from maintien.apps.comptes.models import Occupation, Personne
from maintien.apps.dossiers.attention import group_of, keep_aside, tell_attention
from maintien.apps.dossiers.enums import EtatLevee, MotifLevee, NiveauDossier
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.models import DemandeLevee, Dossier, Menage, MiseSousProtection, PersonneNommee
from maintien.apps.dossiers.nominations import active_members, named_on
from maintien.apps.dossiers.permissions import check, forget_named
from maintien.apps.dossiers.protections import lock_dossier
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance
from maintien.apps.socle import journal
from maintien.apps.socle.journal import Ligne

LEVER = "dossier.lever"
DELAI_JOURS = 30


def pending(menage_id: int, jour: date | None = None) -> DemandeLevee | None:
    """The request that waits for an answer, unless thirty days have gone by."""
    limite = (jour or timezone.localdate()) - timedelta(days=DELAI_JOURS)
    demandes = DemandeLevee.objects.filter(
        menage_id__in=group_of(menage_id), etat=EtatLevee.DEMANDEE, demandee_le__gte=limite
    )
    return demandes.select_related("demandee_par").first()


def expire_requests(jour: date | None = None) -> int:
    """Requests that nobody answered in thirty days: kept, and no longer to be answered."""
    limite = (jour or timezone.localdate()) - timedelta(days=DELAI_JOURS)
    with journal.atomic():
        vieilles = list(DemandeLevee.objects.filter(etat=EtatLevee.DEMANDEE, demandee_le__lt=limite))
        DemandeLevee.objects.filter(pk__in=[d.pk for d in vieilles]).update(etat=EtatLevee.EXPIREE)
        journal.record_many(
            Ligne("protection.levee_expiree", Menage(pk=d.menage_id), {"demande": d.pk}) for d in vieilles
        )
    return len(vieilles)


def other_deciders(appartenance: Appartenance, menage_id: int) -> list[int]:
    """Those named, other than this person, who could answer."""
    return [pk for pk in named_on(menage_id, LEVER) if pk != appartenance.utilisateur_id]


def ask_lifting(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    motif: MotifLevee,
    version: int,
    responsable: int | None = None,
    jour: date | None = None,
) -> DemandeLevee:
    """Where nobody else named could answer, a head of service is designated: named, hence able to read before."""
    check(appartenance, LEVER, dossier)
    expire_requests(jour)
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        if pending(menage.pk, jour) is not None:
            raise SaisieRefuseeError("Une levée est déjà demandée : elle attend la réponse d'une autre personne.")
        if responsable is not None:
            _designate(appartenance, menage.pk, responsable)
        elif not other_deciders(appartenance, menage.pk):
            raise SaisieRefuseeError(
                "Vous êtes la seule personne nommée : choisissez le responsable qui répondra.", "responsable"
            )
        demande = DemandeLevee.objects.create(
            menage=menage,
            motif=motif,
            demandee_par=appartenance.utilisateur,
            demandee_le=jour or timezone.localdate(),
        )
        _tell(appartenance, dossier, "protection.levee_demandee", demande, jour, responsable=responsable)
    return demande


def answer_lifting(
    appartenance: Appartenance, dossier: Dossier, *, accord: bool, version: int, jour: date | None = None
) -> DemandeLevee:
    """Never whoever asked. A yes lifts the protection of the household and of those protected with it."""
    check(appartenance, LEVER, dossier)
    expire_requests(jour)
    with journal.atomic():
        menage = lock_dossier(dossier, version)
        demande = pending(menage.pk, jour)
        if demande is None:
            raise SaisieRefuseeError("Aucune levée n'attend de réponse : une demande vaut trente jours.")
        if demande.demandee_par_id == appartenance.utilisateur_id:
            raise SaisieRefuseeError("Vous avez demandé cette levée : une autre personne y répond.")
        demande.etat = EtatLevee.CONFIRMEE if accord else EtatLevee.REFUSEE
        demande.decidee_par, demande.decidee_le = appartenance.utilisateur, jour or timezone.localdate()
        demande.save(update_fields=["etat", "decidee_par", "decidee_le"])
        if accord:
            _lift(group_of(menage.pk), demande.decidee_le)
        _tell(appartenance, dossier, f"protection.levee_{demande.etat}", demande, jour)
    forget_named(appartenance)
    return demande


def _designate(appartenance: Appartenance, menage_id: int, responsable: int) -> None:
    chefs = active_members(LEVER, roles=[Role.RESPONSABLE]).exclude(utilisateur_id=appartenance.utilisateur_id)
    if not chefs.filter(utilisateur_id=responsable).exists():
        raise SaisieRefuseeError("Choisissez un responsable en poste, autre que vous.", "responsable")
    for pk in group_of(menage_id):
        PersonneNommee.objects.get_or_create(
            menage_id=pk, utilisateur_id=responsable, defaults={"nommee_par": appartenance.utilisateur}
        )


def _lift(menage_ids: list[int], jour: date) -> None:
    """Closely followed and no longer hidden; the names go, the coordinates stay aside."""
    keep_aside(menage_ids)
    MiseSousProtection.objects.filter(menage_id__in=menage_ids, levee_le=None).update(levee_le=jour)
    PersonneNommee.objects.filter(menage_id__in=menage_ids).delete()
    Dossier.objects.filter(menage_id__in=menage_ids, niveau=NiveauDossier.PROTEGE).update(
        niveau=NiveauDossier.SUIVI, version=F("version") + 1
    )
    Menage.objects.filter(pk__in=menage_ids).update(contact_restreint=False)
    occupants = Occupation.objects.filter(compte__rattachement__menage_id__in=menage_ids)
    ailleurs = Occupation.objects.filter(compte__rattachement__menage__contact_restreint=True).values("personne_id")
    Personne.objects.filter(pk__in=occupants.values("personne_id")).exclude(pk__in=ailleurs).update(
        contact_restreint=False
    )
    name_menages(menage_ids)


def _tell(
    appartenance: Appartenance,
    dossier: Dossier,
    acte: str,
    demande: DemandeLevee,
    jour: date | None,
    responsable: int | None = None,
) -> None:
    donnees = {"demande": demande.pk, "code": demande.motif, "responsable": responsable}
    tell_attention(appartenance, dossier, acte, jour, **donnees)
