"""Whether two households that share a tenant are one: a person joins them, keeps them apart, or undoes what was done.

A join deletes nothing: the household that gives its accounts stays, empty, and what moved is written down, so that it
can be given back. The facts and former dossiers follow the accounts; of two open dossiers one stays open. What the law
asks of an account follows it. A contact proposed in the dossier that closes lapses; that of the one that stays stands
until the night, which proposes to the whole.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maintien.apps.comptes.models import Compte
from maintien.apps.dossiers.attention import carry_protection
from maintien.apps.dossiers.canaux_surs import kept_menages
from maintien.apps.dossiers.enums import (
    EtatDossier,
    EtatProposition,
    EtatRapprochement,
    GenreFait,
    NiveauDossier,
    Protection,
)
from maintien.apps.dossiers.erreurs import SaisieRefuseeError
from maintien.apps.dossiers.faits import record_fait
from maintien.apps.dossiers.libelles import name_menages
from maintien.apps.dossiers.models import Dossier, Fait, Menage, MenageCompte, Pause, Proposition, Rapprochement
from maintien.apps.dossiers.permissions import check, visible_comptes
from maintien.apps.dossiers.protections import TEXTE_MAX, VIVANTES, lock_dossier, take_effect
from maintien.apps.dossiers.voisins import CORRIGER
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import AccesRefuseError
from maintien.apps.socle import journal

REUNIR, SEPARER, DISTINGUER, REVOIR = "reunir", "separer", "distinguer", "revoir"
MESURE = ("protection", "mandataire", "mandataire_adresse", "protection_depuis", "personne_protegee_id")
_DEPUIS: Mapping[str, tuple[str, ...]] = {
    REUNIR: (EtatRapprochement.A_DECIDER, EtatRapprochement.DISTINCTS),
    SEPARER: (EtatRapprochement.REUNIS,),
    DISTINGUER: (EtatRapprochement.A_DECIDER,),
    REVOIR: (EtatRapprochement.DISTINCTS,),
}
_NIVEAUX = (NiveauDossier.ORDINAIRE, NiveauDossier.SUIVI, NiveauDossier.PROTEGE)


def decide_join(
    appartenance: Appartenance,
    dossier: Dossier,
    *,
    rapprochement: int,
    choix: str,
    motif: str,
    version: int,
    jour: date | None = None,
) -> Rapprochement:
    """One of `reunir`, `distinguer`, `separer` (undo a join), `revoir` (ask again); returns the pair as it stands."""
    check(appartenance, CORRIGER, dossier)
    if not motif.strip() or len(motif) > TEXTE_MAX:
        raise SaisieRefuseeError("Dites en quelques mots ce qui vous le fait dire.", "motif")
    jour = jour or timezone.localdate()
    with transaction.atomic():
        menage = lock_dossier(dossier, version)
        paire = _pair(appartenance, menage, rapprochement, choix)
        if choix == REUNIR:
            _join(dossier, paire, jour)
        elif choix == SEPARER:
            _separate(dossier, paire)
        etats = {REUNIR: EtatRapprochement.REUNIS, REVOIR: EtatRapprochement.A_DECIDER}
        paire.etat = etats.get(choix, EtatRapprochement.DISTINCTS)
        paire.decide_par, paire.decide_le = appartenance.utilisateur, jour
        paire.save(update_fields=["etat", "garde", "deplaces", "decide_par", "decide_le"])
        _tell(appartenance, dossier, paire, choix, motif.strip(), jour)
    return paire


def _pair(appartenance: Appartenance, menage: Menage, pk: int, choix: str) -> Rapprochement:
    paire = Rapprochement.objects.select_for_update().filter(pk=pk).first()
    if paire is None or menage.pk not in (paire.un_id, paire.autre_id):
        raise AccesRefuseError(CORRIGER)
    if paire.etat not in _DEPUIS[choix]:
        raise SaisieRefuseeError("Quelqu'un vient de décider de ce rapprochement : relisez la page.")
    if choix == SEPARER:
        if paire.garde_id != menage.pk:
            raise AccesRefuseError(CORRIGER)
        return paire
    autre_id = paire.autre_id if paire.un_id == menage.pk else paire.un_id
    comptes = Compte.objects.filter(rattachement__menage_id=autre_id)
    if not comptes.exists() or comptes.count() != visible_comptes(comptes, appartenance, CORRIGER).count():
        raise AccesRefuseError(CORRIGER)
    return paire


def _join(dossier: Dossier, paire: Rapprochement, jour: date) -> None:
    menages = {m.pk: m for m in Menage.objects.select_for_update().filter(pk__in=(paire.un_id, paire.autre_id))}
    autre = next(menage for pk, menage in menages.items() if pk != dossier.menage_id)
    _refuse_incompatible(menages[dossier.menage_id], autre)
    ouverts = {
        ouvert.menage_id: ouvert
        for ouvert in Dossier.objects.select_for_update().filter(menage__in=menages, etat=EtatDossier.OUVERT)
    }
    # The dossier that one has before the eyes stays open, unless it is closed and the other one is not.
    cede_id = autre.pk if dossier.menage_id in ouverts or autre.pk not in ouverts else dossier.menage_id
    garde = next(menage for pk, menage in menages.items() if pk != cede_id)
    ferme, reste = ouverts.get(cede_id), ouverts.get(garde.pk)
    deplaces: dict[str, Any] = {
        "comptes": list(MenageCompte.objects.filter(menage_id=cede_id).values_list("compte_id", flat=True)),
        "references": sorted(
            MenageCompte.objects.filter(menage_id=cede_id).values_list("compte__reference", flat=True)
        ),
        "faits": list(Fait.objects.filter(menage_id=cede_id).values_list("pk", flat=True)),
        "dossiers": list(Dossier.objects.filter(menage_id=cede_id).values_list("pk", flat=True)),
        "ferme": ferme.pk if ferme is not None else None,
        "pauses": [],
    }
    if ferme is not None and reste is not None:
        deplaces["pauses"] = _close_into(ferme, reste, jour)
    is_protege = _carry_protections(menages[cede_id], garde)
    Dossier.objects.filter(menage_id=cede_id).update(menage=garde)
    Fait.objects.filter(menage_id=cede_id).update(menage=garde)
    MenageCompte.objects.filter(menage_id=cede_id).update(menage=garde)
    name_menages([garde.pk, cede_id])
    if is_protege:
        take_effect([garde.pk])
    dossier.menage = garde
    paire.garde, paire.deplaces = garde, deplaces


def _refuse_incompatible(un: Menage, autre: Menage) -> None:
    if un.contact_restreint or autre.contact_restreint or kept_menages([un.pk, autre.pk]):
        raise SaisieRefuseeError("Le contact avec un de ces ménages est restreint : ils ne se réunissent pas ici.")
    mesures = [[getattr(m, champ) for champ in MESURE] for m in (un, autre) if m.protection != Protection.AUCUNE]
    if len(mesures) == 2 and mesures[0] != mesures[1]:
        raise SaisieRefuseeError(
            "Chacun a sa mesure de protection, et un ménage n'en porte qu'une : ils ne se réunissent pas ici."
        )


def _close_into(ferme: Dossier, reste: Dossier, jour: date) -> list[int]:
    """Close a dossier into the one that stays open; returns the pauses that followed. Its decided steps stay in it."""
    pauses = list(Pause.objects.filter(dossier=ferme, levee_le=None).values_list("pk", flat=True))
    Pause.objects.filter(pk__in=pauses).update(dossier=reste)
    Proposition.objects.filter(dossier=ferme, etat__in=VIVANTES, imposee=True).update(dossier=reste)
    _lapse(ferme)
    Dossier.objects.filter(pk=ferme.pk).update(
        etat=EtatDossier.CLOS,
        clos_le=max(jour, ferme.ouvert_le),
        motif_cloture=f"Réuni au dossier {reste.pk} : c'est le même ménage.",
        version=F("version") + 1,
    )
    niveau = max(ferme.niveau, reste.niveau, key=lambda valeur: _NIVEAUX.index(NiveauDossier(valeur)))
    activite = max(filter(None, (ferme.derniere_activite_le, reste.derniere_activite_le)), default=None)
    Dossier.objects.filter(pk=reste.pk).update(niveau=niveau, derniere_activite_le=activite)
    return pauses


def _lapse(dossier: Dossier) -> None:
    """What was proposed to a half that is no more, or to two taken for one, lapses; the night proposes afresh."""
    vivantes = Proposition.objects.filter(dossier=dossier, etat__in=VIVANTES, imposee=False)
    vivantes.update(etat=EtatProposition.PERIMEE)


def _carry_protections(cede: Menage, garde: Menage) -> bool:
    """Added, never lifted; the household that gives keeps its own. Returns whether this changes whom one addresses."""
    avant = (garde.deces_le, garde.protection)
    garde.deces_le = max(filter(None, (garde.deces_le, cede.deces_le)), default=None)
    if cede.protection != Protection.AUCUNE:
        for champ in MESURE:
            setattr(garde, champ, getattr(cede, champ))
    garde.save(update_fields=["deces_le", *(champ.removesuffix("_id") for champ in MESURE)])
    return (garde.deces_le, garde.protection) != avant


def _separate(dossier: Dossier, paire: Rapprochement) -> None:
    """Give back what moved; what was noted since stays where it was noted, and no protection is lifted."""
    deplaces = paire.deplaces
    rendu_id = paire.autre_id if paire.garde_id == paire.un_id else paire.un_id
    MenageCompte.objects.filter(menage=paire.garde, compte_id__in=deplaces["comptes"]).update(menage_id=rendu_id)
    Fait.objects.filter(menage=paire.garde, pk__in=deplaces["faits"]).update(menage_id=rendu_id)
    Dossier.objects.filter(menage=paire.garde, pk__in=deplaces["dossiers"]).update(menage_id=rendu_id)
    Dossier.objects.filter(menage_id=rendu_id, pk=deplaces["ferme"]).update(
        etat=EtatDossier.OUVERT, clos_le=None, motif_cloture="", version=F("version") + 1
    )
    Pause.objects.filter(pk__in=deplaces["pauses"], levee_le=None).update(dossier_id=deplaces["ferme"])
    reste = Dossier.objects.filter(menage=paire.garde, etat=EtatDossier.OUVERT).first()
    if reste is not None:
        _give_back_legal_steps(reste, deplaces)
        _lapse(reste)
    carry_protection(dossier.menage_id, rendu_id)
    name_menages([dossier.menage_id, rendu_id])
    paire.garde, paire.deplaces = None, {}
    dossier.refresh_from_db()


def _give_back_legal_steps(reste: Dossier, deplaces: Mapping[str, Any]) -> None:
    """A step of the law goes with its account; where no dossier is left to hold it, the night asks for it again."""
    legales = Proposition.objects.filter(
        dossier=reste, imposee=True, etat__in=VIVANTES, reference_compte__in=deplaces["references"]
    )
    if deplaces["ferme"] is None:
        legales.update(etat=EtatProposition.PERIMEE)
    else:
        legales.update(dossier_id=deplaces["ferme"])


def _tell(
    appartenance: Appartenance, dossier: Dossier, paire: Rapprochement, choix: str, motif: str, jour: date
) -> None:
    """One fact with the words, one line of journal without them."""
    auteur = appartenance.utilisateur
    record_fait(
        dossier.menage, GenreFait.RAPPROCHEMENT, jour, dossier=dossier, auteur=auteur, choix=choix, motif=motif
    )
    donnees = {"rapprochement": paire.pk, "un": paire.un_id, "autre": paire.autre_id, "choix": choix}
    journal.record(
        "menage.rapprochement",
        dossier,
        acteur=auteur,
        version=dossier.version,
        menage=dossier.menage_id,
        donnees=donnees,
    )
