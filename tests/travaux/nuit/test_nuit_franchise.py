"""What the grace hides neither ends nor changes what is proposed, and nobody is told that all is settled."""

from datetime import date

from tests import fabriques
from tests.travaux.nuit.portefeuille import LOYER, Foyer, appeler, foyer, nuit

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.dossiers.enums import EtatDossier, EtatProposition
from maintien.apps.dossiers.models import Dossier, Menage, Proposition
from maintien.apps.organismes.models import Organisme


def _doit_300(nom: str = "Martinez") -> Foyer:
    """The term of 30 September keeps 300 €; a term falls due on 31 October and 450 € are paid that day."""
    habite = foyer(nom)
    appeler(habite.compte, [date(2026, 9, 30)], payees=0)
    fabriques.paiement(habite.compte, date(2026, 9, 30), 150_00)
    return habite


def _echeance_d_octobre(habite: Foyer) -> None:
    appeler(habite.compte, [date(2026, 10, 31)], payees=0)
    fabriques.paiement(habite.compte, date(2026, 10, 31), LOYER)


def test_une_echeance_ne_perime_pas_ce_qui_etait_a_faire(bailleur: Organisme) -> None:
    habite = _doit_300()
    nuit(bailleur, date(2026, 10, 30))
    avant = Proposition.objects.values().get()
    _echeance_d_octobre(habite)

    bilan = nuit(bailleur, date(2026, 11, 2))

    assert habite.situation.dette_exigible_centimes == 300_00
    assert habite.a_faire() == ["ORI-PREMIER"]
    assert (bilan.propositions_perimees, bilan.propositions_nouvelles, bilan.propositions_mises_a_jour) == (0, 0, 0)
    assert Proposition.objects.values().get() == avant


def test_passe_la_franchise_le_pas_suit_les_faits(bailleur: Organisme) -> None:
    habite = _doit_300()
    nuit(bailleur, date(2026, 10, 30))
    _echeance_d_octobre(habite)
    nuit(bailleur, date(2026, 11, 2))

    nuit(bailleur, date(2026, 11, 5))

    assert habite.a_faire() == ["ORI-REPETES"]
    assert habite.proposition().motifs[0]["texte"].startswith("300,00\u00a0€ en retard depuis le 31 octobre 2026")


def test_tout_paye_pendant_la_franchise_le_pas_se_perime(bailleur: Organisme) -> None:
    habite = _doit_300()
    nuit(bailleur, date(2026, 10, 30))
    _echeance_d_octobre(habite)
    fabriques.paiement(habite.compte, date(2026, 11, 2), 300_00)

    nuit(bailleur, date(2026, 11, 3))

    assert habite.a_faire() == ["ORI-A-JOUR"]


def test_un_rejet_passe_devant_ce_que_la_franchise_garde(bailleur: Organisme) -> None:
    habite = _doit_300()
    nuit(bailleur, date(2026, 10, 30))
    _echeance_d_octobre(habite)
    fabriques.ecriture(habite.compte, CodeEcriture.REJET, date(2026, 11, 2), debit=50_00, libelle="REJET AM04")

    nuit(bailleur, date(2026, 11, 3))

    assert "ORI-PREMIER" not in habite.a_faire()
    perimee = Proposition.objects.get(regle="ORI-PREMIER")
    assert perimee.etat == EtatProposition.PERIMEE


def test_un_dossier_remercie_ne_se_clot_pas_sur_un_terme_de_la_veille(bailleur: Organisme) -> None:
    habite = _doit_300()
    nuit(bailleur, date(2026, 10, 30))
    dossier = Dossier.objects.get(menage=Menage.objects.get())
    Proposition.objects.create(
        dossier=dossier,
        genre="compte_a_jour",
        quoi="Remercier.",
        canal="sms",
        avant_le=date(2026, 11, 9),
        regle="ORI-A-JOUR",
        version_regle="1",
        rang=0,
        etat=EtatProposition.FAITE,
        traitee_le=date(2026, 10, 30),
        au=date(2026, 10, 30),
    )
    _echeance_d_octobre(habite)

    bilan = nuit(bailleur, date(2026, 11, 2))

    assert bilan.dossiers_clos == 0
    assert Dossier.objects.get().etat == EtatDossier.OUVERT


def test_ce_qui_etait_reporte_revient_a_son_jour_meme_pendant_la_franchise(bailleur: Organisme) -> None:
    habite = _doit_300()
    nuit(bailleur, date(2026, 10, 30))
    Proposition.objects.update(etat=EtatProposition.REPORTEE, reportee_au=date(2026, 11, 2))
    _echeance_d_octobre(habite)

    nuit(bailleur, date(2026, 11, 1))
    assert habite.a_faire() == []
    nuit(bailleur, date(2026, 11, 2))

    assert habite.a_faire() == ["ORI-PREMIER"]
