"""What people ask of their data, as the DPO handles it: the proof of who asks, the clock, the copy, the effects."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from tests import fabriques
from tests.web.conftest import Monde
from tests.web.pages import texte
from typer.testing import CliRunner

from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.enums import EtatProposition, GenreDroit, NiveauDossier
from maintien.apps.dossiers.models import DemandeDroit, Menage, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope
from maintien.cli.dossier import groupe


def _demande(monde: Monde, genre: GenreDroit = GenreDroit.ACCES, **champs: object) -> DemandeDroit:
    dossier = monde.ajouter_dossier()
    with organisme_scope(monde.organisme):
        fabriques.proposition(dossier)
        fabriques.proposition(dossier, genre="impaye_legal", imposee=True, reference_compte="C1")
        return fabriques.demande_droit(dossier.menage, genre=genre, **champs)


def _champs(monde: Monde, **champs: str) -> dict[str, str]:
    _, compte = monde.ajouter_menage()
    ordinaires = {"genre": "acces", "compte": compte.reference, "nom": "MARTÏNEZ", "recue_le": "2026-11-18"}
    return ordinaires | champs


def _journal(monde: Monde) -> list[tuple[str, object]]:
    with organisme_scope(monde.organisme):
        return list(Evenement.objects.filter(acte__startswith="droit.").values_list("acte", "details").order_by("pk"))


def test_une_demande_s_enregistre_sur_la_preuve_du_compte_et_du_nom(monde: Monde) -> None:
    reponse = monde.client(Role.DPO).post("/demandes/nouvelle/", _champs(monde))

    with organisme_scope(monde.organisme):
        demande = DemandeDroit.objects.get()
        assert demande.personne is not None
        assert (demande.personne.nom, demande.genre, demande.recue_le) == ("Martinez", "acces", date(2026, 11, 18))
    assert reponse["Location"] == f"/demandes/{demande.pk}/"
    assert _journal(monde) == [("droit.ouvrir", {"genre": "acces"})]


@pytest.mark.parametrize("faux", [{"nom": "Durand"}, {"compte": "C99999999"}, {"nom": "Garant"}])
def test_un_compte_inconnu_et_un_nom_qui_n_y_est_pas_se_disent_pareil(faux: dict[str, str], monde: Monde) -> None:
    reponse = monde.client(Role.DPO).post("/demandes/nouvelle/", _champs(monde, **faux))

    assert reponse.status_code == 422
    assert "Aucun locataire de ce nom sur ce compte" in texte(reponse)


@pytest.mark.parametrize("jour", ["2026-11-21", "2025-11-01"])
def test_un_jour_a_venir_ou_trop_ancien_est_refuse(jour: str, monde: Monde) -> None:
    reponse = monde.client(Role.DPO).post("/demandes/nouvelle/", _champs(monde, recue_le=jour))

    assert reponse.status_code == 422
    assert "dans l’année" in texte(reponse)


def test_la_liste_dit_ce_qui_presse(monde: Monde) -> None:
    _demande(monde, recue_le=date(2026, 10, 12))
    _demande(monde, recue_le=date(2026, 11, 20))

    page = texte(monde.client(Role.DPO).get("/demandes/"))

    assert "en retard de 8 jours" in page.replace("\u00a0", " ")
    assert "reste 30 jours" in page.replace("\u00a0", " ")
    assert page.index("en retard") < page.index("reste")


def test_la_copie_se_lit_et_la_lecture_s_inscrit(monde: Monde) -> None:
    demande = _demande(monde)

    reponse = monde.client(Role.DPO).post(f"/demandes/{demande.pk}/", {"acte": "archive"})

    assert reponse["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as paquet:
        assert sorted(paquet.namelist()) == ["dossier.html", "dossier.json", "ecritures.csv"]
    details = {"menage": demande.menage_id, "relation": "demande", "voie": "page"}
    assert _journal(monde) == [("droit.lecture", details)]
    with organisme_scope(monde.organisme):
        assert Evenement.objects.get(acte="droit.lecture").finalite == "droits"


def test_une_demande_repondue_n_ouvre_plus_rien(monde: Monde) -> None:
    demande = _demande(monde)
    client = monde.client(Role.DPO)
    adresse = f"/demandes/{demande.pk}/"
    assert client.post(adresse, {"etat": "accordee", "reponse": ""}).status_code == 302

    reponse = client.post(adresse, {"acte": "archive"}, follow=True)

    assert "a déjà reçu sa réponse" in texte(reponse)
    assert [acte for acte, _ in _journal(monde)] == ["droit.repondre"]
    assert "n’ouvre plus aucune donnée" in texte(client.get(adresse))


def test_un_refus_se_motive_et_sa_reponse_est_relue(monde: Monde) -> None:
    client = monde.client(Role.DPO)
    adresse = f"/demandes/{_demande(monde).pk}/"

    assert "se motive" in texte(client.post(adresse, {"etat": "refusee", "reponse": ""}))
    assert (
        "<mark>alcoolique</mark>"
        in client.post(adresse, {"etat": "refusee", "reponse": "Il est alcoolique."}).content.decode()
    )
    with organisme_scope(monde.organisme):
        assert DemandeDroit.objects.get().etat == "a_traiter"


def test_le_delai_se_prolonge_une_fois_dans_le_premier_mois(monde: Monde) -> None:
    client = monde.client(Role.DPO)
    adresse = f"/demandes/{_demande(monde, recue_le=date(2026, 10, 20)).pk}/"

    prolongee = client.post(adresse, {"acte": "prolonger", "motif": "complexite"}, follow=True)
    assert "20 janvier 2027" in texte(prolongee).replace("\u00a0", " ") or "20/01/2027" in texte(prolongee)
    assert "déjà prolongée" in texte(client.post(adresse, {"acte": "prolonger", "motif": "nombre"}, follow=True))


def test_passe_le_premier_mois_il_est_trop_tard_pour_prolonger(monde: Monde) -> None:
    adresse = f"/demandes/{_demande(monde, recue_le=date(2026, 10, 19)).pk}/"

    reponse = monde.client(Role.DPO).post(adresse, {"acte": "prolonger", "motif": "complexite"}, follow=True)

    assert "pas après" in texte(reponse)


def test_une_limitation_accordee_retire_ce_que_la_loi_n_impose_pas(monde: Monde) -> None:
    demande = _demande(monde, GenreDroit.LIMITATION)
    client = monde.client(Role.DPO)

    client.post(f"/demandes/{demande.pk}/", {"etat": "accordee", "reponse": ""})

    with organisme_scope(monde.organisme):
        etats = dict(Proposition.objects.values_list("genre", "etat"))
        assert etats == {"premier_retard": EtatProposition.PERIMEE, "impaye_legal": EtatProposition.A_FAIRE}
        dossier = Menage.objects.get(pk=demande.menage_id).dossiers.get()
    assert "Traitement limité depuis le" in texte(monde.client().get(f"/dossiers/{dossier.pk}/"))

    client.post(f"/demandes/{demande.pk}/", {"acte": "lever"})

    assert "Traitement limité" not in texte(monde.client().get(f"/dossiers/{dossier.pk}/"))
    assert [acte for acte, _ in _journal(monde)] == ["droit.repondre", "droit.fin_limitation"]


@pytest.mark.parametrize(("etat", "opposee"), [("accordee", True), ("refusee", False)])
def test_une_opposition_accordee_se_pose_sur_la_personne(etat: str, opposee: bool, monde: Monde) -> None:
    demande = _demande(monde, GenreDroit.OPPOSITION)

    monde.client(Role.DPO).post(f"/demandes/{demande.pk}/", {"etat": etat, "reponse": "Dit au téléphone."})

    with organisme_scope(monde.organisme):
        assert Personne.objects.get(pk=demande.personne_id).opposition_sms is opposee


def test_un_menage_protege_n_est_atteint_que_par_sa_demande(monde: Monde) -> None:
    demande = _demande(monde)
    with organisme_scope(monde.organisme):
        dossier = demande.menage.dossiers.get()
        type(dossier).objects.filter(pk=dossier.pk).update(niveau=NiveauDossier.PROTEGE)
    client = monde.client(Role.DPO)

    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 403
    assert client.get(f"/demandes/{demande.pk}/").status_code == 200
    assert "protégé" not in texte(client.get(f"/demandes/{demande.pk}/")).lower()


# ---- The command line ----


def test_la_commande_ecrit_l_archive_une_fois(monde: Monde, tmp_path: Path) -> None:
    demande, sortie = _demande(monde), tmp_path / "copie.zip"

    def lancer(numero: int, ou: Path) -> Result:
        options = ["--bailleur", "DEMO", "--demande", str(numero), "--sortie", str(ou)]
        return CliRunner().invoke(groupe, ["exporter", *options])

    resultat, encore = lancer(demande.pk, sortie), lancer(demande.pk, sortie)
    inconnue = lancer(999_999, tmp_path / "autre.zip")

    assert resultat.exception is None, repr(resultat.exception)
    assert (resultat.exit_code, encore.exit_code, inconnue.exit_code) == (0, 2, 2)
    assert zipfile.is_zipfile(sortie)
    assert sortie.stat().st_mode & 0o777 == 0o600
    assert "existe déjà" in encore.stderr
    assert "n'existe pas" in inconnue.stderr
    assert _journal(monde)[0][1]["voie"] == "commande"  # type: ignore[index]
