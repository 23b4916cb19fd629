"""Whoever owns the database may lift its triggers: each alteration is then named. Retention leaves a proof."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings
from tests import fabriques
from typer.testing import CliRunner

from maintien.apps.organismes.models import Organisme
from maintien.apps.socle import declencheurs, journal
from maintien.apps.socle.chaine import head_signature
from maintien.apps.socle.enums import NomReglage
from maintien.apps.socle.models import Evenement, Reglage, SceauJournal, TeteJournal
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.proprietaire import as_owner
from maintien.apps.socle.soupcons import Genre, phrase
from maintien.apps.socle.verification import Verdict, verify
from maintien.cli import purger, verifier
from maintien.travaux.journal import ANCRES, keep, purge_all

# On PostgreSQL the owner works through a connection of its own, which sees what is committed.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
PARIS = ZoneInfo("Europe/Paris")
DIX = datetime(2026, 11, 3, 9, 2, 5, 123456, tzinfo=UTC)


def _atomic(ecrire: Callable[..., Any], *arguments: Any, **details: Any) -> Any:
    """The journal is written in a transaction, that of the act."""
    with transaction.atomic():
        return ecrire(*arguments, **details)


@pytest.fixture
def bailleur(db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[Organisme]:
    """Twelve acts of people, on 3 November 2026 at 10:02:05 in Paris."""
    settings.MAINTIEN_DONNEES = tmp_path
    organisme = fabriques.organisme("HTR")
    monkeypatch.setattr(timezone, "now", lambda: DIX)
    with organisme_scope(organisme):
        agent, dossier = fabriques.utilisateur(), fabriques.dossier()
        for rang in range(1, 13):
            _atomic(journal.record, "dossier.appel", dossier, acteur=agent, fait=rang, motif="rappel promis")
        yield organisme


@contextmanager
def _dba() -> Iterator[Any]:
    """The owner of the database, triggers and unique ranks put aside."""
    with as_owner() as base, declencheurs.lifted(base), base.cursor() as curseur:
        yield curseur


def _verdict(organisme: Organisme) -> Verdict:
    return verify((organisme.pk, "actes"))


def _sql(ordre: str, *valeurs: object) -> None:
    with _dba() as curseur:
        curseur.execute(ordre, valeurs)


def _swap(un: int, autre: int) -> None:
    with _dba() as curseur:
        for ordre in ((-1, un), (un, autre), (autre, -1)):
            curseur.execute("UPDATE socle_evenement SET sequence = %s WHERE sequence = %s AND flux = 'actes'", ordre)


def _shift(debut: int, pas: int) -> None:
    """Move the ranks from `debut` on, in an order that keeps them unique."""
    rangs = Evenement.objects.filter(flux="actes", sequence__gte=debut).order_by("sequence")
    valeurs = list(rangs.values_list("sequence", flat=True))
    with _dba() as curseur:
        for rang in reversed(valeurs) if pas > 0 else valeurs:
            curseur.execute(
                "UPDATE socle_evenement SET sequence = %s WHERE sequence = %s AND flux = 'actes'", [rang + pas, rang]
            )


def _insert(rang: int) -> None:
    modele = Evenement.objects.get(flux="actes", sequence=1)
    modele.pk, modele.sequence, modele.acte = None, rang, "dossier.visite"
    modele.save(force_insert=True)


def test_un_journal_entier_le_dit(bailleur: Organisme) -> None:
    verdict = _verdict(bailleur)

    assert (verdict.lignes, verdict.derniere, verdict.faute) == (12, 12, None)


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("instant", datetime(2026, 11, 3, 9, 2, 5, 123457, tzinfo=UTC)),
        ("acteur_id", None),
        ("role", "cesf"),
        ("acte", "dossier.visite"),
        ("objet_type", "dossiers.menage"),
        ("objet_id", 999),
        ("menage_ref", 999),
        ("finalite", "suivi"),
        ("motif", "Rappel promis"),
        ("details", '{"fait": 8}'),
        ("session", "0123456789abcdef"),
        ("adresse", "192.0.2.0/24"),
        ("empreinte", "0" * 64),
    ],
)
def test_un_champ_modifie_est_nomme(bailleur: Organisme, champ: str, valeur: object) -> None:
    _sql(f"UPDATE socle_evenement SET {champ} = %s WHERE sequence = 7 AND flux = 'actes'", valeur)  # noqa: S608

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert (faute.genre, faute.premiere) == (Genre.MODIFIEE, 7)
    assert phrase(faute) == "la ligne 7, du 03/11/2026 à 10:02:05, a été modifiée après avoir été écrite."


def test_une_cle_inventee_est_nommee(bailleur: Organisme) -> None:
    _sql("UPDATE socle_evenement SET cle = 'autre' WHERE sequence = 7 AND flux = 'actes'")

    verdict = _verdict(bailleur)
    assert verdict.faute is not None
    assert (verdict.faute.genre, verdict.faute.precision, verdict.is_illisible) == (Genre.CLE, "autre", False)


def test_une_ligne_passee_dans_un_autre_flux_manque(bailleur: Organisme) -> None:
    _sql("UPDATE socle_evenement SET flux = 'travaux' WHERE sequence = 7 AND flux = 'actes'")

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert phrase(faute) == "la ligne 7 a été supprimée avant la ligne du 03/11/2026 à 10:02:05."
    autre = verify((bailleur.pk, "travaux")).faute
    assert autre is not None


def test_une_ligne_passee_chez_un_autre_organisme_manque(bailleur: Organisme) -> None:
    autre = fabriques.organisme("AUTRE")
    _sql("UPDATE socle_evenement SET organisme_id = %s WHERE sequence = 12 AND flux = 'actes'", autre.pk)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert phrase(faute) == "la ligne 12 a été supprimée à la fin du journal."


@pytest.mark.parametrize(
    ("rangs", "attendu"),
    [
        ((1, 1), "la ligne 1 a été supprimée avant la ligne du 03/11/2026 à 10:02:05."),
        ((5, 6), "les lignes 5 à 6 ont été supprimées avant la ligne du 03/11/2026 à 10:02:05."),
        ((12, 12), "la ligne 12 a été supprimée à la fin du journal."),
        ((1, 12), "les lignes 1 à 12 ont été supprimées à la fin du journal."),
    ],
)
def test_des_lignes_supprimees_sont_nommees(bailleur: Organisme, rangs: tuple[int, int], attendu: str) -> None:
    _sql("DELETE FROM socle_evenement WHERE sequence BETWEEN %s AND %s", *rangs)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert phrase(faute) == attendu


def test_un_trou_referme_se_voit(bailleur: Organisme) -> None:
    _sql("DELETE FROM socle_evenement WHERE sequence = 5")
    _shift(6, -1)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert (faute.genre, faute.premiere, faute.derniere) == (Genre.SUPPRIMEE, 5, 5)


def test_deux_lignes_echangees_se_voient(bailleur: Organisme) -> None:
    _swap(5, 6)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert phrase(faute) == ("la ligne 5, du 03/11/2026 à 10:02:05, a été déplacée (elle avait été écrite au rang 6).")


def test_une_ligne_inseree_au_milieu_se_voit(bailleur: Organisme) -> None:
    _shift(5, 1)
    _insert(5)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert (faute.genre, faute.premiere) == (Genre.AJOUTEE, 5)


def test_une_ligne_ajoutee_apres_la_tete_se_voit(bailleur: Organisme) -> None:
    _insert(13)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert phrase(faute) == "la ligne 13, du 03/11/2026 à 10:02:05, a été ajoutée hors du journal."


@pytest.mark.parametrize("champ", ["empreinte", "signature"])
def test_une_tete_modifiee_se_voit(bailleur: Organisme, champ: str) -> None:
    TeteJournal.objects.filter(flux="actes").update(**{champ: "0" * 64})

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert phrase(faute) == "la tête du journal, au rang 12, a été modifiée."


def test_une_fin_coupee_avec_sa_tete_reculee_se_voit(bailleur: Organisme) -> None:
    """The digest of line 11 stands in the base for all to copy; the signature of a head on it does not."""
    _sql("DELETE FROM socle_evenement WHERE sequence = 12")
    onze = Evenement.objects.get(sequence=11)
    TeteJournal.objects.filter(flux="actes").update(sequence=11, empreinte=onze.empreinte)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert faute.genre == Genre.TETE


def test_deux_histoires_melees_se_voient(bailleur: Organisme) -> None:
    """A head that was really signed, put back on another twelfth line that is really sealed."""
    tetes = TeteJournal.objects.filter(flux="actes")
    douze = tetes.values("sequence", "empreinte", "signature").get()
    _sql("DELETE FROM socle_evenement WHERE sequence = 12")
    onze = Evenement.objects.get(sequence=11).empreinte
    tetes.update(sequence=11, empreinte=onze, signature=head_signature(bailleur.pk, "actes", 11, onze, "tests"))
    _atomic(journal.record, "dossier.visite", acteur=fabriques.utilisateur())
    assert _verdict(bailleur).faute is None

    tetes.update(**douze)

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert faute.genre == Genre.TETE


def test_une_tete_supprimee_se_voit(bailleur: Organisme) -> None:
    TeteJournal.objects.all().delete()

    faute = _verdict(bailleur).faute
    assert faute is not None
    assert faute.genre == Genre.SANS_TETE


def test_sans_la_cle_de_la_tete_rien_ne_se_verifie(bailleur: Organisme, settings: Settings) -> None:
    settings.MAINTIEN_CLES_JOURNAL = {"autre": b"x" * 40}

    assert _verdict(bailleur).is_illisible
    assert CliRunner().invoke(verifier.groupe, ["journal"]).exit_code == 2


def test_la_cle_change_sans_que_la_chaine_se_rompe(bailleur: Organisme, settings: Settings) -> None:
    settings.MAINTIEN_CLES_JOURNAL = {"2027": b"y" * 40, **settings.MAINTIEN_CLES_JOURNAL}
    _atomic(journal.record, "essai", acteur=fabriques.utilisateur())

    assert Evenement.objects.get(sequence=13).cle == "2027"
    assert _verdict(bailleur).faute is None


# --- command line and anchors ---


def _lancer(*arguments: str) -> tuple[int, str]:
    resultat = CliRunner().invoke(verifier.groupe, ["journal", *arguments])
    return resultat.exit_code, resultat.stdout


def test_la_commande_dit_entier_ou_la_premiere_difference(bailleur: Organisme) -> None:
    assert _lancer() == (0, "HTR, flux actes : entier, 12 lignes jusqu'au rang 12.\n")

    _sql("DELETE FROM socle_evenement WHERE sequence = 3")

    code, sortie = _lancer("--organisme", "HTR")
    assert code == 1
    assert sortie == ("HTR, flux actes : la ligne 3 a été supprimée avant la ligne du 03/11/2026 à 10:02:05.\n")
    assert '"genre": "supprimee"' in _lancer("--json")[1]


def test_un_organisme_inconnu_est_une_phrase(bailleur: Organisme) -> None:
    assert CliRunner().invoke(verifier.groupe, ["journal", "--organisme", "XYZ"]).exit_code == 2


def test_une_ancre_gardee_ailleurs_dement_une_chaine_entierement_refaite(bailleur: Organisme, tmp_path: Path) -> None:
    """Whoever holds the key too can forge a whole chain; not what was printed and taken away."""
    ancre = tmp_path / "ancre.jsonl"
    ancre.write_text(_lancer("--ancrer")[1].splitlines()[-1] + "\n", encoding="utf-8")
    assert _lancer("--ancre", str(ancre))[0] == 0

    _sql("DELETE FROM socle_evenement WHERE sequence = 12")
    onze = Evenement.objects.get(sequence=11)
    signature = head_signature(bailleur.pk, "actes", 11, onze.empreinte, "tests")
    TeteJournal.objects.filter(flux="actes").update(sequence=11, empreinte=onze.empreinte, signature=signature)

    assert _verdict(bailleur).faute is None
    code, sortie = _lancer("--ancre", str(ancre))
    assert code == 1
    assert "HTR, flux actes : la ligne 12, ancrée le 2026-11-03, n'existe plus." in sortie


def test_une_ancre_contrefaite_ou_illisible(bailleur: Organisme, tmp_path: Path) -> None:
    ancre = tmp_path / "ancre.jsonl"
    ancre.write_text(_lancer("--ancrer")[1].splitlines()[-1].replace('"sequence": 12', '"sequence": 11'))

    assert "n'a pas été signée ici" in _lancer("--ancre", str(ancre))[1]
    ancre.write_text("bonjour\n")
    assert _lancer("--ancre", str(ancre))[0] == 2


def test_le_travailleur_ancre_une_fois_par_jour(bailleur: Organisme, tmp_path: Path) -> None:
    keep()

    fichier = tmp_path / ANCRES
    assert fichier.stat().st_mode & 0o777 == 0o600
    assert len(fichier.read_text().splitlines()) == 1
    assert _lancer("--ancre", str(fichier))[0] == 0


# --- retention ---


@dataclass
class Vieux:
    organisme: Organisme
    ecrire: Callable[[datetime], None]


@pytest.fixture
def vieux(db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[Vieux]:
    """Two lines in March 2024, one in April, one on 1 May 2024 at midnight in Paris."""
    settings.MAINTIEN_DONNEES = tmp_path
    organisme = fabriques.organisme("HTR")

    def ecrire(instant: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: instant)
        _atomic(journal.record, "essai")

    with organisme_scope(organisme):
        for instant in (
            datetime(2024, 3, 1, 12, tzinfo=PARIS),
            datetime(2024, 3, 31, 23, 59, tzinfo=PARIS),
            datetime(2024, 4, 2, 12, tzinfo=PARIS),
            datetime(2024, 5, 1, 0, 0, tzinfo=PARIS),
        ):
            ecrire(instant)
        yield Vieux(organisme, ecrire)


def _rangs() -> list[int]:
    return list(Evenement.objects.order_by("sequence").values_list("sequence", flat=True))


def test_les_mois_entiers_de_plus_de_douze_mois_s_en_vont(vieux: Vieux) -> None:
    purges = purge_all([vieux.organisme], date(2025, 5, 31))

    assert [(p.mois, p.nombre) for p in purges] == [("2024-03", 2), ("2024-04", 1)]
    assert _rangs() == [4, 5]
    purge = Evenement.objects.get(sequence=5)
    assert (purge.acte, purge.details["mois"]) == ("journal.purger", ["2024-03", "2024-04"])
    verdict = verify((vieux.organisme.pk, "travaux"))
    assert (verdict.faute, verdict.sceaux, verdict.lignes) == (None, 2, 2)
    assert purge_all([vieux.organisme], date(2025, 5, 31)) == []


def test_a_blanc_rien_ne_part(vieux: Vieux) -> None:
    assert len(purge_all([vieux.organisme], date(2025, 5, 31), a_blanc=True)) == 2
    assert _rangs() == [1, 2, 3, 4]
    assert not SceauJournal.objects.exists()


def test_la_duree_est_celle_que_l_organisme_a_fixee_ce_jour_la(vieux: Vieux) -> None:
    Reglage.objects.create(nom=NomReglage.JOURNAL_MOIS, valeur=24, depuis=date(2025, 1, 1))

    assert purge_all([vieux.organisme], date(2025, 5, 31)) == []
    assert [p.mois for p in purge_all([vieux.organisme], date(2026, 4, 1))] == ["2024-03"]


def test_une_ligne_en_retard_attend_celles_d_avant(vieux: Vieux) -> None:
    """Ranks are in order, instants nearly: what was begun in April and written in May goes with May."""
    vieux.ecrire(datetime(2024, 4, 30, 23, 59, tzinfo=PARIS))

    purge_all([vieux.organisme], date(2025, 5, 31))

    assert _rangs() == [4, 5, 6]


def test_un_mois_altere_ne_se_scelle_pas(vieux: Vieux) -> None:
    _sql("UPDATE socle_evenement SET motif = 'autre' WHERE sequence = 2")

    [purge] = purge_all([vieux.organisme], date(2025, 5, 31))

    assert purge.refus is not None
    assert purge.refus.premiere == 2
    assert _rangs() == [1, 2, 3, 4]
    vieux.ecrire(datetime(2025, 6, 1, tzinfo=PARIS))
    assert CliRunner().invoke(purger.groupe, ["journal", "--au", "2025-05-31"]).exit_code == 1


def test_la_base_ne_laisse_partir_que_ce_qu_un_sceau_couvre(vieux: Vieux) -> None:
    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        Evenement.objects.filter(sequence=1).delete()
    SceauJournal.objects.create(
        organisme=vieux.organisme, flux="travaux", premiere=1, derniere=1, nombre=1, cle="tests"
    )
    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        Evenement.objects.filter(sequence=2).delete()

    Evenement.objects.filter(sequence=1).delete()

    # The seal was not signed by the program: the chain says so for ever.
    faute = verify((vieux.organisme.pk, "travaux")).faute
    assert faute is not None
    assert faute.genre == Genre.SCEAU


def test_le_sceau_d_un_autre_ne_couvre_rien(vieux: Vieux) -> None:
    autre = fabriques.organisme("AUTRE")
    SceauJournal.objects.create(organisme=autre, flux="travaux", premiere=1, derniere=4, nombre=4)
    SceauJournal.objects.create(organisme=vieux.organisme, flux="actes", premiere=1, derniere=4, nombre=4)

    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        Evenement.objects.filter(sequence=1).delete()


def test_meme_scellee_une_ligne_de_moins_de_six_mois_reste(vieux: Vieux) -> None:
    vieux.ecrire(datetime.now(tz=UTC))
    SceauJournal.objects.create(organisme=vieux.organisme, flux="travaux", premiere=1, derniere=5, nombre=5)

    with pytest.raises(IntegrityError, match="ajout seul"), transaction.atomic():
        Evenement.objects.filter(sequence=5).delete()


@pytest.mark.parametrize("ordre", ["DELETE FROM socle_sceaujournal", "UPDATE socle_sceaujournal SET nombre = 1"])
def test_un_sceau_reste_et_ne_change_pas(vieux: Vieux, ordre: str) -> None:
    purge_all([vieux.organisme], date(2025, 5, 31))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)
    _sql(f"{ordre} WHERE mois = '2024-03'")
    faute = verify((vieux.organisme.pk, "travaux")).faute
    assert faute is not None
    assert faute.genre == Genre.SCEAU


def test_une_ligne_remise_sous_un_sceau_se_voit(vieux: Vieux) -> None:
    purge_all([vieux.organisme], date(2025, 5, 31))
    modele = Evenement.objects.get(sequence=4)
    modele.pk, modele.sequence = None, 2
    modele.save(force_insert=True)

    faute = verify((vieux.organisme.pk, "travaux")).faute
    assert faute is not None
    assert (faute.genre, faute.premiere) == (Genre.AJOUTEE, 2)


def test_la_commande_purge_et_le_dit(vieux: Vieux) -> None:
    vieux.ecrire(datetime(2025, 6, 1, tzinfo=PARIS))

    resultat = CliRunner().invoke(purger.groupe, ["journal", "--au", "2025-05-31"])

    assert resultat.exit_code == 0
    assert resultat.stdout == (
        "HTR, flux travaux, 2024-03 : 2 lignes effacées, un sceau reste.\n"
        "HTR, flux travaux, 2024-04 : 1 ligne effacée, un sceau reste.\n"
    )
    assert CliRunner().invoke(purger.groupe, ["journal", "--au", "2031-01-01"]).exit_code == 2
