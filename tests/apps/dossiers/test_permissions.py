"""The table applied to dossiers: relation, level, perimeter; what may be read, and what asks why first."""

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st
from tests import fabriques

from maintien.apps.dossiers import permissions
from maintien.apps.dossiers.enums import EtatDossier, NiveauDossier
from maintien.apps.dossiers.models import Dossier, PersonneNommee
from maintien.apps.dossiers.selectors import get_dossier
from maintien.apps.organismes.enums import ClasseChamp, Mode, Niveau, Relation, Role
from maintien.apps.organismes.finalites import Finalite, FinaliteRequiseError
from maintien.apps.organismes.models import Appartenance, Organisme, Utilisateur
from maintien.apps.organismes.permissions import PermissionInconnueError
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope

CLOS = {"etat": EtatDossier.CLOS, "clos_le": fabriques.NUIT}


def _nommer(dossier: Dossier, membre: Appartenance) -> None:
    PersonneNommee.objects.create(menage=dossier.menage, utilisateur=membre.utilisateur, nommee_par=membre.utilisateur)


@pytest.fixture
def collegue(bailleur: Organisme) -> Utilisateur:
    return fabriques.membre(Role.RECOUVREMENT).utilisateur


def test_le_secteur_borne_et_l_absence_de_secteur_ouvre(bailleur: Organisme) -> None:
    nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
    au_nord = fabriques.membre(Role.RECOUVREMENT, nord)
    partout = fabriques.membre(Role.RECOUVREMENT)
    du_nord, du_sud, de_nulle_part = (fabriques.dossier(secteur=s) for s in (nord, sud, None))
    tous = Dossier.objects.order_by("pk")

    assert list(permissions.visible(tous, au_nord, "dossier.voir")) == [du_nord]
    assert list(permissions.visible(tous, partout, "dossier.voir")) == [du_nord, du_sud, de_nulle_part]
    assert [permissions.can(au_nord, "dossier.agir", d) for d in tous] == [True, False, False]


def test_relation_et_niveau(bailleur: Organisme, autre_bailleur: Organisme, collegue: Utilisateur) -> None:
    nord, sud = fabriques.secteur("NORD"), fabriques.secteur("SUD")
    membre = fabriques.membre(Role.RECOUVREMENT, nord)
    duo = {"referent": collegue, "cesf": collegue}
    attendus = [
        (fabriques.dossier(secteur=nord, referent=membre.utilisateur), Relation.PORTEFEUILLE, Niveau.ORDINAIRE),
        (
            fabriques.dossier(secteur=nord, cesf=membre.utilisateur, referent=collegue),
            Relation.PORTEFEUILLE,
            Niveau.ORDINAIRE,
        ),
        (fabriques.dossier(secteur=nord, cesf=collegue), Relation.PORTEFEUILLE, Niveau.ORDINAIRE),
        (fabriques.dossier(secteur=nord, **duo), Relation.PERIMETRE, Niveau.ORDINAIRE),
        (fabriques.dossier(secteur=sud, **duo), Relation.ORGANISME, Niveau.ORDINAIRE),
        (fabriques.dossier(secteur=nord, niveau=NiveauDossier.SUIVI, **duo), Relation.PERIMETRE, Niveau.SUIVI),
        (fabriques.dossier(secteur=nord, niveau=NiveauDossier.SUIVI, **duo, **CLOS), Relation.PERIMETRE, Niveau.CLOS),
        (fabriques.dossier(secteur=nord, niveau=NiveauDossier.PROTEGE, **CLOS), Relation.PERIMETRE, Niveau.PROTEGE),
    ]
    with organisme_scope(autre_bailleur):
        etranger = fabriques.dossier()

    for dossier, relation, niveau in attendus:
        assert (permissions.relation_of(membre, dossier), permissions.niveau_of(dossier)) == (relation, niveau)
    assert permissions.relation_of(membre, etranger) is Relation.ETRANGER


def test_un_cesf_a_dans_son_portefeuille_ce_que_n_a_aucun_cesf(bailleur: Organisme, collegue: Utilisateur) -> None:
    sociale = fabriques.membre(Role.CESF)
    sans_cesf = fabriques.dossier(referent=collegue)
    sans_referent = fabriques.dossier(cesf=collegue)

    assert permissions.relation_of(sociale, sans_cesf) is Relation.PORTEFEUILLE
    assert permissions.relation_of(sociale, sans_referent) is Relation.PERIMETRE


def test_qui_n_a_que_son_portefeuille_ne_voit_pas_le_reste(bailleur: Organisme, collegue: Utilisateur) -> None:
    membre = fabriques.membre(Role.RECOUVREMENT, portefeuille_seul=True)
    sien = fabriques.dossier(referent=membre.utilisateur)
    fabriques.dossier(referent=collegue)
    fabriques.dossier()

    assert list(permissions.visible(Dossier.objects.all(), membre, "dossier.voir")) == [sien]


def test_un_dossier_protege_n_existe_que_pour_qui_y_est_nomme(bailleur: Organisme) -> None:
    duo, nomme, responsable = (fabriques.membre(r) for r in (Role.RECOUVREMENT, Role.CESF, Role.RESPONSABLE))
    protege = fabriques.dossier(niveau=NiveauDossier.PROTEGE, referent=duo.utilisateur)
    _nommer(protege, nomme)

    for membre, attendu in ((duo, False), (responsable, False), (nomme, True)):
        assert permissions.can(membre, "dossier.voir", protege) is attendu
        assert permissions.visible(Dossier.objects.all(), membre, "dossier.voir").exists() is attendu
    assert permissions.case_of(nomme, "dossier.voir", protege).mode is Mode.MOTIF


def test_clore_ne_leve_pas_la_protection(bailleur: Organisme) -> None:
    membre = fabriques.membre(Role.RESPONSABLE)
    fabriques.dossier(niveau=NiveauDossier.PROTEGE, **CLOS)

    assert list(permissions.visible(Dossier.objects.all(), membre, "dossier.voir")) == []


def test_les_champs_lus_suivent_le_niveau(bailleur: Organisme, collegue: Utilisateur) -> None:
    membre = fabriques.membre(Role.RECOUVREMENT)
    ordinaire = fabriques.dossier(referent=membre.utilisateur)
    protege = fabriques.dossier(niveau=NiveauDossier.PROTEGE, referent=membre.utilisateur)

    assert ClasseChamp.COORDONNEES in permissions.readable(membre, "dossier.voir", ordinaire)
    assert permissions.readable(membre, "dossier.voir", protege) == frozenset()


def test_hors_du_portefeuille_on_dit_pourquoi_et_la_lecture_s_ecrit(
    bailleur: Organisme, collegue: Utilisateur
) -> None:
    membre = fabriques.membre(Role.RECOUVREMENT)
    dossier = fabriques.dossier(referent=collegue)

    with pytest.raises(FinaliteRequiseError) as refus:
        get_dossier(membre, dossier.pk)
    assert refus.value.dossier == dossier.pk
    assert not Evenement.objects.filter(acte="dossier.lecture").exists()

    membre.finalites = {dossier.pk: Finalite.REMPLACEMENT}
    assert get_dossier(membre, dossier.pk) == dossier
    ligne = Evenement.objects.get(acte="dossier.lecture")
    assert (ligne.acteur_id, ligne.objet_id) == (membre.utilisateur_id, dossier.pk)
    assert ligne.finalite == "remplacement"
    assert ligne.details["relation"] == "perimetre"


def test_son_propre_portefeuille_se_lit_sans_trace(bailleur: Organisme) -> None:
    membre = fabriques.membre(Role.RECOUVREMENT)
    dossier = fabriques.dossier(referent=membre.utilisateur)

    assert get_dossier(membre, dossier.pk) == dossier
    assert not Evenement.objects.filter(acte="dossier.lecture").exists()


def test_absent_etranger_et_interdit_se_valent(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    nord = fabriques.secteur("NORD")
    au_nord, administrateur = fabriques.membre(Role.RECOUVREMENT, nord), fabriques.membre(Role.ADMINISTRATEUR)
    du_sud = fabriques.dossier(secteur=fabriques.secteur("SUD"))
    with organisme_scope(autre_bailleur):
        etranger = fabriques.dossier()

    messages = set()
    cas = ((au_nord, du_sud.pk), (au_nord, etranger.pk), (au_nord, 0), (administrateur, du_sud.pk), (None, du_sud.pk))
    for membre, pk in cas:
        with pytest.raises(Http404) as refus:
            permissions.get_or_404(Dossier.objects.all(), membre, "dossier.voir", pk=pk)
        messages.add(str(refus.value))
    assert messages == {"dossier.voir"}
    with pytest.raises(Http404):
        permissions.check(au_nord, "dossier.agir", du_sud)


def test_une_appartenance_inactive_ou_d_ailleurs_ne_lit_rien(bailleur: Organisme, autre_bailleur: Organisme) -> None:
    ancien = fabriques.membre(Role.RESPONSABLE, actif=False)
    dossier = fabriques.dossier()
    with organisme_scope(autre_bailleur):
        d_ailleurs = fabriques.membre(Role.RESPONSABLE)

    for membre in (ancien, d_ailleurs, None):
        assert list(permissions.visible(Dossier.objects.all(), membre, "dossier.voir")) == []
        assert not permissions.can(membre, "dossier.voir", dossier)


def test_une_question_sur_l_organisme_ne_se_pose_pas_sur_un_dossier(bailleur: Organisme) -> None:
    membre = fabriques.membre(Role.RESPONSABLE)

    with pytest.raises(PermissionInconnueError):
        permissions.can(membre, "import.voir", fabriques.dossier())
    with pytest.raises(PermissionInconnueError):
        permissions.visible(Dossier.objects.all(), membre, "import.voir")


SONDEES = ["dossier.voir", "dossier.agir", "note_sociale.voir"]
_MEMBRES = st.tuples(
    st.sampled_from([Role.RECOUVREMENT, Role.CONTENTIEUX, Role.CESF, Role.RESPONSABLE, Role.GARDIEN, Role.DPO]),
    st.booleans(),
    st.booleans(),
)
_DOSSIERS = st.lists(
    st.tuples(
        st.sampled_from(NiveauDossier.values), st.booleans(), st.integers(0, 2), st.integers(0, 2), st.booleans()
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.proprietes
@pytest.mark.django_db
@given(
    membre=_MEMBRES,
    dossiers=_DOSSIERS,
    permission=st.sampled_from(["dossier.voir", "dossier.agir", "note_sociale.voir"]),
)
def test_la_liste_et_le_dossier_repondent_la_meme_chose(
    membre: tuple[Role, bool, bool],
    dossiers: list[tuple[str, bool, int, int, bool]],
    permission: str,
) -> None:
    """Two ways to ask, one answer: the filter of lists and the check of a row."""
    with organisme_scope(fabriques.organisme()):
        nord, sud = fabriques.secteur(), fabriques.secteur()
        role, borne, seul = membre
        asker = fabriques.membre(role, nord if borne else None, portefeuille_seul=seul)
        sieges = [None, asker.utilisateur, fabriques.utilisateur()]
        for niveau, clos, referent, cesf, nomme in dossiers:
            un = fabriques.dossier(
                niveau=niveau,
                secteur=nord if clos != nomme else sud,
                referent=sieges[referent],
                cesf=sieges[cesf],
                **(CLOS if clos else {}),
            )
            if nomme:
                _nommer(un, asker)

        listes = set(permissions.visible(Dossier.objects.all(), asker, permission))

        assert listes == {d for d in Dossier.objects.all() if permissions.can(asker, permission, d)}
