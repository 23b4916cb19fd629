"""One debt for one day: a reason and the chart of the dossier say the same sum, whatever was rejected since."""

from datetime import date

from tests import fabriques
from tests.travaux.nuit.portefeuille import appeler, foyer, mois, nuit

from maintien.apps.comptes.enums import CodeEcriture
from maintien.apps.comptes.selectors import debt_history
from maintien.apps.organismes.models import Organisme
from maintien.web.dossiers.dette import dette_csv, dette_lue

AU = date(2026, 12, 4)


def test_le_motif_et_le_graphique_disent_la_meme_dette_du_meme_jour(bailleur: Organisme) -> None:
    """Terms of 450.00, 350.00 paid of each; the payment of September bounces on 3 November.

    On 30 September the books showed 2 x 100.00 = 200.00. Counted back with the reject, it would be 550.00.
    """
    habite = foyer()
    appeler(habite.compte, mois(date(2025, 8, 5), 12))
    appeler(habite.compte, mois(date(2026, 8, 5), 4), payees=0)
    for rang, jour in enumerate(mois(date(2026, 8, 5), 4)):
        fabriques.paiement(habite.compte, jour, 350_00, reference=f"P{rang}")
    fabriques.ecriture(
        habite.compte,
        CodeEcriture.REJET,
        date(2026, 11, 3),
        debit=350_00,
        reference_annulee="P1",
        libelle="REJET AM04",
    )

    nuit(bailleur, AU)

    assert habite.a_faire() == ["ORI-CROISSANTE"]
    motif = habite.proposition("ORI-CROISSANTE").motifs[0]["texte"]
    assert motif == "La dette monte\u00a0: 200,00\u00a0€ le 30 septembre 2026, 750,00\u00a0€ le 30 novembre 2026."
    histoire = debt_history([habite.compte.pk], AU)
    assert [(etat.au, etat.total_centimes) for etat in histoire[-4:]] == [
        (date(2026, 9, 30), 200_00),
        (date(2026, 10, 31), 300_00),
        (date(2026, 11, 30), 750_00),
        (AU, 750_00),
    ]
    assert [m.total for m in dette_lue(histoire, []).mois[:4]] == [750_00, 750_00, 300_00, 200_00]
    assert "2026-09-30;200,00;0,00;0,00;0,00;0,00;200,00" in dette_csv(histoire)
