"""The dossier page: complete, within one's rights, at a constant cost."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from tests import fabriques

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.dossiers import actions, selectors
from maintien.apps.dossiers.enums import EtatDossier, GenreFait, IssueContact, MotifPause, MurNote
from maintien.apps.dossiers.models import Dossier, MenageCompte
from maintien.apps.dossiers.permissions import named_menages
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.finalites import Finalite
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.plans.models import PlanApurement
from maintien.apps.socle.portee import organisme_scope

VENDREDI = date(2026, 11, 20)


def _ajouter_compte(dossier: Dossier) -> None:
    compte = fabriques.compte()
    MenageCompte.objects.create(menage=dossier.menage, compte=compte)
    fabriques.situation(compte, dette_locative_centimes=100_00)
    fabriques.bail(compte, logement=fabriques.logement())
    fabriques.occupation(compte, fabriques.personne())
    PlanApurement.objects.create(
        compte=compte,
        reference=f"PL{compte.pk}",
        date_signature=date(2026, 1, 5),
        montant_centimes=900_00,
        nombre_echeances=9,
        mensualite_centimes=100_00,
        premiere_echeance=date(2026, 2, 5),
    )


def test_tout_ce_qu_il_faut_pendant_un_appel(agent: Appartenance, dossier: Dossier) -> None:
    _ajouter_compte(dossier)
    fabriques.occupation(
        dossier.menage.rattachements.get().compte, fabriques.personne("Caché", "Garant"), RoleOccupation.CAUTION
    )
    fabriques.proposition(dossier)

    detail = selectors.dossier_detail(agent, dossier.pk)

    [compte] = detail.comptes
    assert compte.situation is not None
    assert (len(compte.baux), len(compte.plans)) == (1, 1)
    assert [o.role for o in detail.occupations] == [RoleOccupation.TITULAIRE, RoleOccupation.CAUTION]
    assert [d.nom for d in detail.destinataires.personnes] == ["Mme Émilie Martinez"]
    assert len(detail.propositions) == 1
    assert detail.situations == (compte.situation,)
    assert (detail.au, detail.can_agir, detail.can_reattribuer, detail.can_ecrire_social) == (
        VENDREDI,
        True,
        True,
        False,
    )


def test_le_mur_social(agent: Appartenance, cesf: Appartenance, dossier: Dossier) -> None:
    actions.add_note(agent, dossier, texte="Note commune.")
    actions.add_note(cesf, dossier, texte="Note sociale.", mur=MurNote.SOCIAL)
    actions.record_appel(
        cesf, dossier, issue=IssueContact.JOINT, jour=VENDREDI, texte="Appel social.", mur=MurNote.SOCIAL
    )

    def textes(membre: Appartenance) -> tuple[list[str], list[tuple[str, str | None]]]:
        detail = selectors.dossier_detail(membre, dossier.pk)
        fil = [(entree.fait.genre, entree.note.texte if entree.note else None) for entree in detail.fil]
        return [note.texte for note in detail.notes], fil

    assert textes(cesf) == (
        ["Appel social.", "Note sociale.", "Note commune."],
        [(GenreFait.NOTE, "Note sociale."), (GenreFait.NOTE, "Note commune."), (GenreFait.APPEL, "Appel social.")],
    )
    ferme = (["Note commune."], [(GenreFait.NOTE, "Note commune."), (GenreFait.APPEL, None)])
    assert textes(agent) == ferme
    responsable = fabriques.membre(Role.RESPONSABLE)
    responsable.finalites = {dossier.pk: Finalite.ENCADREMENT}
    assert textes(responsable) == ferme


def test_les_notes_suivent_le_menage_d_un_dossier_a_l_autre(
    agent: Appartenance, cesf: Appartenance, dossier: Dossier
) -> None:
    actions.record_appel(agent, dossier, issue=IssueContact.JOINT, jour=VENDREDI, texte="Attend sa paie.")
    actions.add_note(cesf, dossier, texte="Note sociale.", mur=MurNote.SOCIAL)
    Dossier.objects.update(etat=EtatDossier.CLOS, clos_le=VENDREDI)
    nouveau = fabriques.dossier(dossier.menage, secteur=dossier.secteur, ouvert_le=date(2026, 11, 23))
    ailleurs = fabriques.dossier(
        dossier.menage, secteur=fabriques.secteur("SUD"), etat=EtatDossier.CLOS, clos_le=VENDREDI
    )

    lu, lu_par_la_cesf = (selectors.dossier_detail(membre, nouveau.pk) for membre in (agent, cesf))

    assert [note.texte for note in lu.notes] == ["Attend sa paie."]
    assert [(e.fait.genre, e.note and e.note.texte) for e in lu.fil] == [(GenreFait.APPEL, "Attend sa paie.")]
    assert [note.texte for note in lu_par_la_cesf.notes] == ["Note sociale.", "Attend sa paie."]
    assert lu.precedents == (dossier,), f"{ailleurs} est d'un autre secteur"
    clos = selectors.dossier_detail(agent, dossier.pk)
    assert [note.texte for note in clos.notes] == ["Attend sa paie."]
    assert clos.precedents == (nouveau,)


def test_un_locataire_d_un_bail_fini_n_est_plus_du_menage(agent: Appartenance, dossier: Dossier) -> None:
    compte = fabriques.compte()
    MenageCompte.objects.create(menage=dossier.menage, compte=compte)
    fabriques.bail(compte, reference="B1", date_sortie=date(2025, 3, 31))
    fabriques.bail(compte, reference="B2", date_entree=date(2025, 4, 1))
    emilie, paul = fabriques.personne(), fabriques.personne("Durand", "Paul")
    for personne, bail in ((emilie, "B1"), (paul, "B1"), (emilie, "B2")):
        fabriques.occupation(compte, personne, bail_reference=bail)

    detail = selectors.dossier_detail(agent, dossier.pk)

    assert [o.personne for o in detail.occupations] == [emilie]
    assert [d.personne for d in detail.destinataires.personnes] == [emilie]


def test_hors_de_ses_droits_le_dossier_n_existe_pas(
    agent: Appartenance, dossier: Dossier, autre_bailleur: Organisme
) -> None:
    """404 for whoever may do it elsewhere; 403 for whoever never may, on this dossier as on any other (ADR 0015)."""
    proposition = fabriques.proposition(dossier)
    du_sud = fabriques.membre(Role.RECOUVREMENT, fabriques.secteur("SUD"))
    for membre, refus in ((du_sud, Http404), (fabriques.membre(Role.ADMINISTRATEUR), PermissionDenied)):
        for pk in (dossier.pk, 2_000_000_000):
            with pytest.raises(refus):
                selectors.dossier_detail(membre, pk)
        with pytest.raises(refus):
            selectors.get_proposition(membre, proposition.pk)
    with pytest.raises(PermissionDenied):
        selectors.dossier_detail(None, dossier.pk)
    with organisme_scope(autre_bailleur):
        etranger = fabriques.membre(Role.RESPONSABLE)
        with pytest.raises(Http404):
            selectors.dossier_detail(etranger, dossier.pk)
    assert selectors.get_proposition(agent, proposition.pk) == proposition


def test_la_pause_en_cours_est_celle_du_jour_de_travail(agent: Appartenance, dossier: Dossier) -> None:
    pause = actions.open_pause(agent, dossier, motif=MotifPause.AIDE, du=VENDREDI, au=date(2026, 12, 1), version=1)

    assert selectors.dossier_detail(agent, dossier.pk).pause_en_cours == pause


def test_le_nombre_de_requetes_ne_depend_pas_du_menage(
    agent: Appartenance,
    dossier: Dossier,
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    assert agent.organisme  # read by the middleware before any view
    assert named_menages(agent) == frozenset()  # one query, kept for the request
    for comptes, actes in ((1, 2), (5, 30)):
        for _ in range(comptes):
            _ajouter_compte(dossier)
        for _ in range(actes):
            actions.add_note(agent, dossier, texte="Vu.")
        with django_assert_num_queries(14):
            detail = selectors.dossier_detail(agent, dossier.pk)
            _ = [(e.fait.auteur, e.note and e.note.auteur) for e in detail.fil]
            _ = [(b.logement, c.situation) for c in detail.comptes for b in c.baux]
            _ = [o.personne for o in detail.occupations]
            _ = (detail.dossier.menage, detail.dossier.secteur, detail.dossier.referent, detail.dossier.cesf)
    assert len(detail.comptes) == 6
