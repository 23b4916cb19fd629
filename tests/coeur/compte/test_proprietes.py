"""Les propriétés du compte, sur des grands livres tordus (`tests.strategies`)."""

from collections import defaultdict
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.coeur.compte.oracle import situation_naive
from tests.strategies import COMPTE, GrandLivre, PortefeuilleTire, grands_livres, portefeuilles

from maintien.coeur.calendrier import fin_de_mois, periode_de
from maintien.coeur.compte.dettes_passees import dettes_passees
from maintien.coeur.compte.ecritures import Ecriture, sans_doublons
from maintien.coeur.compte.imputation import imputation
from maintien.coeur.compte.portefeuille import situations
from maintien.coeur.compte.situation import Situation, situation, situation_imputee
from maintien.coeur.compte.tableau import tableau_mensuel

pytestmark = pytest.mark.proprietes


def _situation(livre: GrandLivre, *autres: Ecriture) -> Situation:
    return situation((*livre.ecritures, *autres), livre.baux, livre.au)


def _ecriture(reference: str, jour: date, montant: int, code: str = "PAI", annulee: str = "") -> Ecriture:
    """Une écriture de montant signé, positif au débit."""
    return Ecriture(
        reference=reference,
        compte=COMPTE,
        date_comptable=jour,
        code=code,
        debit_centimes=max(montant, 0),
        credit_centimes=max(-montant, 0),
        reference_annulee=annulee,
    )


@given(grands_livres(doublons=True))
def test_le_calcul_est_celui_de_la_lecture_naive_des_conventions(livre: GrandLivre) -> None:
    obtenue = situation(livre.ecritures, livre.baux, livre.au)

    assert asdict(obtenue) == situation_naive(list(livre.ecritures), list(livre.baux), livre.au)


@given(grands_livres(doublons=True), st.integers(0, 9))
def test_la_dette_d_un_jour_passe_est_la_situation_de_ce_jour(livre: GrandLivre, recul: int) -> None:
    jours = [fin_de_mois(periode_de(livre.au) - n) for n in range(1, 10)] + [livre.au - timedelta(days=recul)]

    obtenues = dict(dettes_passees(livre.ecritures, imputation(livre.ecritures, livre.au), jours))

    attendues = {jour: imputation(livre.ecritures, jour) for jour in jours}
    assert obtenues == {
        jour: situation_imputee(compte, livre.baux).dette_locative_centimes
        for jour, compte in attendues.items()
        if compte.historique
    }


@given(grands_livres(doublons=True))
def test_aucun_centime_n_est_cree_ni_perdu(livre: GrandLivre) -> None:
    compte = imputation(livre.ecritures, livre.au)
    s = situation_imputee(compte, livre.baux)

    connues = [e for e in sans_doublons(livre.ecritures) if e.date_comptable <= livre.au]
    assert s.solde_centimes == sum(e.debit_centimes - e.credit_centimes for e in connues)
    assert s.solde_centimes == (
        s.dette_exigible_centimes
        + s.non_echu_centimes
        + s.dg_net_centimes
        - s.avance_centimes
        - s.excedent_apl_centimes
    )
    assert s.dette_exigible_centimes == s.dette_locative_centimes + s.dette_accessoires_centimes
    assert s.dette_locative_centimes == (
        s.tranche_lt1_centimes
        + s.tranche_1_3_centimes
        + s.tranche_3_6_centimes
        + s.tranche_6_12_centimes
        + s.tranche_ge12_centimes
    )


@given(grands_livres())
def test_les_affectations_tiennent_dans_les_credits_et_dans_les_postes(livre: GrandLivre) -> None:
    compte = imputation(livre.ecritures, livre.au)

    par_credit: dict[str, int] = defaultdict(int)
    par_poste: dict[tuple[str, ...], int] = defaultdict(int)
    for affectation in compte.affectations:
        assert affectation.montant_centimes > 0
        assert affectation.jour >= affectation.credit.effet
        par_credit[affectation.reference_credit] += affectation.montant_centimes
        par_poste[affectation.poste.references] += affectation.montant_centimes
    for poste in compte.postes:
        assert par_poste[poste.references] == poste.montant_centimes - poste.reste_centimes
        assert poste.reste_centimes >= 0
    for credit in compte.credits:
        assert par_credit[credit.reference] <= credit.montant_centimes
    total = sum(credit.montant_centimes for credit in compte.credits)
    assert total == sum(par_credit.values()) + compte.avance_centimes + compte.excedent_apl_centimes


@given(grands_livres(), st.randoms(use_true_random=False))
def test_l_ordre_des_lignes_ne_change_rien(livre: GrandLivre, hasard: object) -> None:
    melangees = list(livre.ecritures)
    hasard.shuffle(melangees)  # type: ignore[attr-defined]  # random.Random fourni par hypothesis

    assert situation(melangees, livre.baux, livre.au) == _situation(livre)
    assert imputation(melangees, livre.au).affectations == imputation(livre.ecritures, livre.au).affectations


@given(grands_livres())
def test_relire_le_meme_fichier_ne_change_rien(livre: GrandLivre) -> None:
    assert _situation(livre, *livre.ecritures) == _situation(livre)


@given(grands_livres(doublons=True), st.integers(0, 400), st.integers(1, 600_00))
def test_un_paiement_de_plus_n_augmente_aucune_tranche(livre: GrandLivre, recul: int, montant: int) -> None:
    avant = _situation(livre)

    apres = _situation(livre, _ecriture("paiement en plus", livre.au - timedelta(recul), -montant))

    for champ, valeur in asdict(avant).items():
        if champ.startswith(("tranche_", "dette_")) or champ == "nb_termes_impayes":
            assert getattr(apres, champ) <= valeur
    assert apres.avance_centimes >= avant.avance_centimes
    assert apres.excedent_apl_centimes >= avant.excedent_apl_centimes


@given(grands_livres(), st.data())
def test_annuler_puis_retablir_ne_change_rien(livre: GrandLivre, tirage: st.DataObject) -> None:
    connues = [e for e in livre.ecritures if e.date_comptable <= livre.au]
    if not connues:
        return
    cible = tirage.draw(st.sampled_from(connues))
    jour = tirage.draw(st.dates(cible.date_comptable, livre.au))
    premiere, seconde = (tirage.draw(st.sampled_from(noms)) for noms in (("0", "zz"), ("00", "zzz")))
    annulation = _ecriture(premiere, jour, -cible.montant_centimes, "OD", cible.reference)
    retablissement = _ecriture(seconde, jour, cible.montant_centimes, "OD", premiere)

    assert _situation(livre, annulation, retablissement) == _situation(livre)


@given(grands_livres(), st.integers(0, 400), st.integers(1, 600_00))
def test_un_paiement_rejete_rend_les_echeances_d_origine(livre: GrandLivre, recul: int, montant: int) -> None:
    jour = livre.au - timedelta(recul)
    paiement = _ecriture("paiement", jour, -montant)
    rejet = _ecriture("rejet", livre.au, montant, "REJ", "paiement")

    compte = imputation((*livre.ecritures, paiement, rejet), livre.au)

    assert compte.postes == imputation(livre.ecritures, livre.au).postes
    assert _situation(livre, paiement, rejet) == _situation(livre)


@given(grands_livres(), st.integers(0, 300))
def test_ce_qui_sera_saisi_plus_tard_ne_change_pas_un_jour_passe(livre: GrandLivre, recul: int) -> None:
    au = livre.au - timedelta(recul)
    connues = [e for e in livre.ecritures if e.date_comptable <= au]

    assert situation(livre.ecritures, livre.baux, au) == situation(connues, livre.baux, au)


@given(grands_livres())
def test_un_debit_negatif_vaut_un_credit(livre: GrandLivre) -> None:
    retournees = [
        replace(e, debit_centimes=-e.credit_centimes, credit_centimes=-e.debit_centimes) for e in livre.ecritures
    ]

    assert situation(retournees, livre.baux, livre.au) == _situation(livre)


@given(grands_livres())
def test_le_tableau_mensuel_rend_les_memes_totaux_que_les_postes(livre: GrandLivre) -> None:
    compte = imputation(livre.ecritures, livre.au)

    tableau = tableau_mensuel(compte)

    assert sum(ligne.reste_centimes for ligne in tableau) == sum(poste.reste_centimes for poste in compte.postes)
    for ligne in tableau:
        assert ligne.appele_centimes == ligne.aide_centimes + ligne.paye_centimes + ligne.reste_centimes
        assert min(ligne.aide_centimes, ligne.paye_centimes, ligne.reste_centimes) >= 0


@given(portefeuilles(comptes=2))
def test_un_compte_ne_depend_pas_des_comptes_voisins(tirage: PortefeuilleTire) -> None:
    ensemble = situations(tirage.ecritures, tirage.baux, tirage.au)

    for obtenue in ensemble.situations:
        compte = obtenue.reference_compte
        seules = [e for e in tirage.ecritures if e.compte == compte]
        assert situation(seules, [b for b in tirage.baux if b.compte == compte], tirage.au) == obtenue
    assert [s.reference_compte for s in ensemble.situations] == sorted({b.compte for b in tirage.baux})
