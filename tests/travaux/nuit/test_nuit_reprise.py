"""A pass is refused, interrupted, resumed, repeated: never harmful, never twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import fabriques
from tests.travaux.nuit.portefeuille import LUNDI, a_l_heure, appeler, en_retard, etat, foyer, mois, nuit, resultats

from maintien.apps.comptes.models import Compte, SituationCompte
from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.models import Organisme
from maintien.apps.socle.enums import EtatExecution
from maintien.apps.socle.executions import claim, fail, open_execution, sweep
from maintien.apps.socle.models import Execution
from maintien.travaux.miroir import mirror_of
from maintien.travaux.nuit import menages, run, try_out
from maintien.travaux.nuit.erreurs import NuitRefuseeError

AILLEURS = {"machine": "une-autre-machine", "processus": 1}


class _PanneError(RuntimeError):
    """A failure that the test provokes."""


def _quartier() -> None:
    """Six households, each in its own way."""
    en_retard("Un", contact_restreint=True)
    a_l_heure("Deux")
    appeler(foyer("Trois").compte, mois(date(2026, 3, 5), 8), payees=3)
    appeler(foyer("Quatre").compte, mois(date(2026, 1, 5), 10), payees=9, retard_jours=15)
    parti = foyer("Cinq", bail={"date_entree": date(2020, 6, 1), "date_sortie": date(2026, 8, 31)})
    appeler(parti.compte, mois(date(2026, 6, 5), 3), payees=1)
    en_retard("Six")


def test_une_passe_ne_revient_pas_en_arriere(bailleur: Organisme) -> None:
    nuit(bailleur)

    with pytest.raises(NuitRefuseeError) as refus:
        nuit(bailleur, LUNDI - timedelta(days=1))

    assert str(refus.value) == (
        "BAILLEUR a déjà une passe au 12 octobre 2026 : une passe ne revient pas en arrière, choisissez ce jour ou un "
        "jour suivant."
    )


def test_une_passe_commencee_plus_tard_interdit_aussi_le_retour(
    bailleur: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrompre(bailleur, monkeypatch, apres=0)

    with pytest.raises(NuitRefuseeError, match="ne revient pas en arrière"):
        nuit(bailleur, LUNDI - timedelta(days=1))


def test_un_jour_a_venir_est_une_faute_de_frappe(bailleur: Organisme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maintien.travaux.nuit.passe._today", lambda: LUNDI)

    with pytest.raises(NuitRefuseeError) as refus:
        nuit(bailleur, LUNDI + timedelta(days=2))

    assert str(refus.value) == (
        "Le 14 octobre 2026 n'est pas encore venu, et BAILLEUR n'aurait plus de passe avant ce jour : "
        "vérifiez la date, ou ajoutez --essai, qui n'écrit rien."
    )
    assert not Execution.objects.exists()
    nuit(bailleur, LUNDI + timedelta(days=1))
    assert Execution.objects.get().cle == "2026-10-13"


def test_un_essai_d_un_jour_a_venir_n_ecrit_rien(bailleur: Organisme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maintien.travaux.nuit.passe._today", lambda: LUNDI)
    en_retard()
    nuit(bailleur)
    avant, resultats_avant = etat(), resultats()
    fichiers = {f: f.read_bytes() for f in mirror_of(bailleur).dossier.rglob("*") if f.is_file()}

    essai = try_out(bailleur, LUNDI + timedelta(days=40), livres_au=LUNDI + timedelta(days=40))

    assert essai.resultat["dernier"]["situations"] == 1
    assert (etat(), resultats()) == (avant, resultats_avant)
    assert {f: f.read_bytes() for f in mirror_of(bailleur).dossier.rglob("*") if f.is_file()} == fichiers
    bailleur.refresh_from_db()
    assert bailleur.derniere_nuit == LUNDI
    assert nuit(bailleur, LUNDI + timedelta(days=1)).comptes == 1


def test_une_passe_en_cours_ailleurs_n_est_pas_doublee(bailleur: Organisme) -> None:
    execution = open_execution("nuit", LUNDI.isoformat())
    assert claim(execution.pk, holder=AILLEURS) is not None

    with pytest.raises(NuitRefuseeError) as refus:
        nuit(bailleur)

    assert str(refus.value) == (
        "La passe du 12 octobre 2026 est déjà en cours pour BAILLEUR : attendez qu'elle finisse."
    )


def test_deux_jours_ne_se_calculent_pas_en_meme_temps(bailleur: Organisme) -> None:
    execution = open_execution("nuit", LUNDI.isoformat())
    assert claim(execution.pk, holder=AILLEURS) is not None

    with pytest.raises(NuitRefuseeError, match=r"^Une autre passe est en cours pour BAILLEUR, celle du 12 octobre"):
        nuit(bailleur, LUNDI + timedelta(days=1))

    refusee = Execution.objects.get(cle="2026-10-13")
    assert (refusee.etat, refusee.bail_jusqua, refusee.started_at) == (EtatExecution.ECHOUEE, None, None)
    assert sweep() == []


def test_une_passe_refusee_n_interdit_pas_le_jour_d_avant(bailleur: Organisme) -> None:
    execution = open_execution("nuit", LUNDI.isoformat())
    prise = claim(execution.pk, holder=AILLEURS)
    assert prise is not None
    with pytest.raises(NuitRefuseeError):
        nuit(bailleur, LUNDI + timedelta(days=1))
    fail(prise, "arrêtée")

    assert nuit(bailleur).comptes == 0
    assert nuit(bailleur, LUNDI + timedelta(days=1)).comptes == 0


def _interrompre(bailleur: Organisme, monkeypatch: pytest.MonkeyPatch, apres: int) -> None:
    """Run the pass lot by lot and break it in the lot after `apres` good ones."""
    monkeypatch.setattr(menages, "LOT", 1)
    veritable, lots = menages.update_propositions, []

    def casser(*arguments: Any) -> None:
        veritable(*arguments)
        lots.append(1)
        if len(lots) > apres:
            raise _PanneError

    with monkeypatch.context() as contexte:
        contexte.setattr(menages, "update_propositions", casser)
        if not Dossier.objects.exists() and apres == 0 and not Compte.objects.exists():
            en_retard("Seul")
        with pytest.raises(_PanneError):
            run(bailleur, LUNDI, livres_au=LUNDI)


@pytest.mark.parametrize("apres", [0, 1, 3, 4])
def test_une_passe_interrompue_reprend_et_finit_comme_si_de_rien_n_etait(
    bailleur: Organisme, monkeypatch: pytest.MonkeyPatch, apres: int
) -> None:
    _quartier()
    _interrompre(bailleur, monkeypatch, apres)
    echouee = Execution.objects.get()
    assert (echouee.etat, echouee.fait) == (EtatExecution.ECHOUEE, apres or 6)
    assert echouee.etape == ("menages" if apres else "situations")
    assert bailleur.derniere_nuit is None

    bilan = nuit(bailleur)

    repris, resultats_repris = etat(), resultats()
    assert (bilan.dossiers_ouverts, bilan.comptes) == (5, 6)
    assert nuit(bailleur).has_changes is False
    assert etat() == repris
    assert resultats() == resultats_repris


def test_une_passe_reprise_finit_comme_une_passe_d_un_trait(
    bailleur: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    fabriques._numeros = iter(range(10_000, 20_000))
    _quartier()
    nuit(bailleur)
    attendu = (etat(), resultats())
    _tout_effacer(bailleur)
    _interrompre(bailleur, monkeypatch, apres=2)

    nuit(bailleur)

    # The journal keeps the lines of the first pass: nothing removes them.
    assert {nom: lignes for nom, lignes in etat().items() if nom != "Evenement"} == {
        nom: lignes for nom, lignes in attendu[0].items() if nom != "Evenement"
    }
    assert resultats() == attendu[1]


_ECRITES = (
    "dossiers_proposition",
    "dossiers_fait WHERE source = 'nuit'",
    "dossiers_dossier",
    "comptes_situationcompte",
    "socle_execution",
)


def _tout_effacer(bailleur: Organisme) -> None:
    """The landlord as it was before its first pass: what a pass writes is removed."""
    for modele in _ECRITES:
        with connection.cursor() as curseur:
            curseur.execute(f"DELETE FROM {modele}")  # noqa: S608 - fixed names
    Organisme.objects.filter(pk=bailleur.pk).update(derniere_nuit=None)


def test_une_passe_sans_signe_de_vie_est_reprise(bailleur: Organisme) -> None:
    en_retard()
    execution = open_execution("nuit", LUNDI.isoformat())
    claim(execution.pk, instant=timezone.now() - timedelta(hours=1))

    assert nuit(bailleur).dossiers_ouverts == 1


def test_un_import_entre_la_panne_et_la_reprise_est_pris_en_compte(
    bailleur: Organisme, monkeypatch: pytest.MonkeyPatch
) -> None:
    premier, second = en_retard("Un"), en_retard("Deux")
    _interrompre(bailleur, monkeypatch, apres=1)
    assert premier.a_faire() == ["ORI-PREMIER"]
    fabriques.paiement(premier.compte, LUNDI)

    nuit(bailleur)

    assert premier.a_faire() == ["ORI-A-JOUR"]
    assert second.a_faire() == ["ORI-PREMIER"]


def test_un_etat_de_calcul_perdu_se_refait_sans_rien_changer(bailleur: Organisme) -> None:
    _quartier()
    nuit(bailleur)
    avant = etat()
    (mirror_of(bailleur).dossier / "etat.arrow").unlink()

    bilan = nuit(bailleur)

    assert bilan.has_changes is False
    assert etat() == avant


def test_une_base_restauree_est_recalculee_en_entier(bailleur: Organisme) -> None:
    _quartier()
    nuit(bailleur)
    avant = etat()
    SituationCompte.objects.filter(dette_locative_centimes__gt=0).delete()

    nuit(bailleur)

    assert etat()["SituationCompte"] == avant["SituationCompte"]


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_menages(bailleur: Organisme) -> None:
    def requetes(jour: date) -> int:
        with CaptureQueriesContext(
            connection,
        ) as capture:
            nuit(bailleur, jour)
        return len(capture)

    for n in range(3):
        en_retard(f"Petit{n}")
    peu = requetes(LUNDI)
    for n in range(12):
        en_retard(f"Grand{n}")
    beaucoup = requetes(LUNDI + timedelta(days=1))

    # The second pass has dossiers to look at, which the first had not: a few statements more, whatever their number.
    assert beaucoup <= peu + 8


def test_des_situations_remises_d_une_sauvegarde_sont_recalculees(bailleur: Organisme) -> None:
    """The backup was taken after the pass of Monday; the kept state is that of Saturday, and the ledger is the same.

    The term of 13 October is not yet due on Monday; on Saturday it is, and the state says that nothing turns then.
    """
    appeler(foyer("Un").compte, mois(date(2025, 10, 13), 13), payees=12)
    samedi = LUNDI + timedelta(days=5)
    nuit(bailleur, LUNDI)
    sauvegarde = list(SituationCompte.objects.all())
    nuit(bailleur, samedi)
    attendu = SituationCompte.objects.get().dette_exigible_centimes
    SituationCompte.objects.all().delete()
    SituationCompte.objects.bulk_create(sauvegarde)
    Execution.objects.filter(cle=samedi.isoformat()).delete()
    Organisme.objects.filter(pk=bailleur.pk).update(derniere_nuit=LUNDI)

    nuit(bailleur, samedi)

    assert sauvegarde[0].dette_exigible_centimes == 0
    assert attendu > 0
    assert SituationCompte.objects.get().dette_exigible_centimes == attendu
