"""One night of a landlord: what opens, what is proposed, to whom, by whom; and that a second night changes nothing."""

from datetime import date

import pytest
from tests import fabriques
from tests.travaux.nuit.portefeuille import (
    LUNDI,
    a_l_heure,
    appeler,
    en_retard,
    equipe,
    etat,
    foyer,
    mois,
    nuit,
    resultats,
)

from maintien.apps.comptes.enums import CodeEcriture, RoleOccupation
from maintien.apps.comptes.models import Personne
from maintien.apps.dossiers.destinataires import destinataires
from maintien.apps.dossiers.enums import EtatDossier, NiveauDossier
from maintien.apps.dossiers.models import Dossier, Fait, Menage, MenageCompte, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme
from maintien.apps.socle.models import Evenement
from maintien.apps.socle.portee import organisme_scope


def test_le_premier_euro_en_retard_ouvre_un_dossier_et_propose_un_appel(bailleur: Organisme) -> None:
    retard, heure = en_retard(), a_l_heure()

    bilan = nuit(bailleur)

    dossier, proposition = retard.dossier, retard.proposition()
    assert (dossier.ouvert_le, dossier.regle_ouverture, dossier.niveau) == (LUNDI, "DOS-OUVRIR-RETARD", "ordinaire")
    assert proposition.quoi == (
        "Appeler Mme Martinez\u00a0: prendre des nouvelles, savoir si c’est un oubli ou une difficulté."
    )
    assert (proposition.genre, proposition.canal, proposition.avant_le) == (
        "premier_retard",
        "appel",
        date(2026, 10, 20),
    )
    motif = proposition.motifs[0]
    assert motif["texte"] == "Premier retard en 12\u00a0mois\u00a0: 450,00\u00a0€ depuis le 5 octobre 2026."
    assert motif["valeurs"]["montant"]["valeur"] == 450_00
    assert proposition.sinon.startswith("Sans contact, le terme suivant (450,00\u00a0€) s’ajoute le 5 novembre 2026")
    assert not Dossier.objects.filter(menage=heure.menage).exists()
    assert (bilan.comptes, bilan.situations, bilan.dossiers_ouverts, bilan.propositions_nouvelles) == (2, 2, 1, 1)
    bailleur.refresh_from_db()
    assert bailleur.derniere_nuit == LUNDI


def test_le_dossier_a_son_duo_son_fait_et_sa_ligne_de_journal(bailleur: Organisme) -> None:
    retard = en_retard()

    nuit(bailleur)

    dossier = retard.dossier
    roles = dict(Appartenance.objects.values_list("utilisateur_id", "role"))
    assert (roles[dossier.referent_id], roles[dossier.cesf_id]) == (Role.RECOUVREMENT, Role.CESF)
    fait = Fait.objects.get(dossier=dossier)
    assert (fait.genre, fait.source, fait.donnees["motif"]) == (
        "ouverture",
        "nuit",
        "450,00\u00a0€ en retard depuis le 5 octobre 2026.",
    )
    actes = set(Evenement.objects.values_list("acte", flat=True))
    assert {"dossier.ouverture", "nuit.terminer"} <= actes


def test_une_seconde_passe_du_meme_jour_ne_change_rien(bailleur: Organisme) -> None:
    en_retard()
    appeler(foyer("Faure").compte, mois(date(2026, 3, 5), 8), payees=3)
    nuit(bailleur)
    avant, resultats_avant = etat(), resultats()

    bilan = nuit(bailleur)

    assert bilan.has_changes is False
    assert etat() == avant
    assert resultats() == resultats_avant
    assert bilan.sentences() == ["Rien n'a changé : 2 comptes à jour, 2 propositions à faire."]


def test_la_date_limite_ne_glisse_pas_de_nuit_en_nuit(bailleur: Organisme) -> None:
    retard = foyer("Faure")
    appeler(retard.compte, mois(date(2026, 3, 5), 8), payees=3)
    nuit(bailleur)
    avant = retard.proposition().avant_le

    nuit(bailleur, date(2026, 10, 13))

    assert retard.proposition().avant_le == avant


def test_ce_qui_n_a_plus_lieu_d_etre_est_perime(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    fabriques.ecriture(retard.compte, CodeEcriture.PAIEMENT, date(2026, 10, 14), credit=450_00)

    bilan = nuit(bailleur, date(2026, 10, 15))

    assert retard.a_faire() == ["ORI-A-JOUR"]
    assert (bilan.propositions_perimees, bilan.propositions_nouvelles) == (1, 1)


def test_un_dossier_regle_se_clot_apres_une_echeance_a_l_heure(bailleur: Organisme) -> None:
    retard = en_retard()
    nuit(bailleur)
    fabriques.ecriture(retard.compte, CodeEcriture.PAIEMENT, date(2026, 10, 14), credit=450_00)
    appeler(retard.compte, [date(2026, 11, 5)])

    nuit(bailleur, date(2026, 11, 17))
    assert retard.dossier.etat == EtatDossier.OUVERT
    bilan = nuit(bailleur, date(2026, 11, 18))

    clos = Dossier.objects.get(menage=retard.menage)
    assert (clos.etat, clos.clos_le, bilan.dossiers_clos) == (EtatDossier.CLOS, date(2026, 11, 18), 1)
    assert clos.motif_cloture.startswith("Plus rien n’est en retard depuis le 14 octobre 2026")
    assert retard.a_faire() == []


def test_un_nouveau_retard_ouvre_un_nouveau_dossier(bailleur: Organisme) -> None:
    test_un_dossier_regle_se_clot_apres_une_echeance_a_l_heure(bailleur)
    menage = Menage.objects.get()
    compte = menage.rattachements.get().compte
    appeler(compte, [date(2026, 12, 5)], payees=0)

    nuit(bailleur, date(2026, 12, 10))

    assert sorted(Dossier.objects.filter(menage=menage).values_list("etat", flat=True)) == ["clos", "ouvert"]


def test_un_contact_restreint_protege_et_n_expose_rien(bailleur: Organisme) -> None:
    protege = en_retard("Rossi", contact_restreint=True)

    bilan = nuit(bailleur)

    proposition = protege.proposition()
    assert protege.dossier.niveau == NiveauDossier.PROTEGE
    assert (proposition.canal, proposition.classement["destinataire"]) == ("interne", "referent")
    assert proposition.quoi.startswith("Voir avec l’agent référent comment joindre Mme Rossi")
    dit = "\n".join(bilan.sentences()) + str(bilan.as_json())
    assert protege.compte.reference not in dit
    assert "Rossi" not in dit + str(list(Evenement.objects.values_list("motif", "details")))


def test_un_impaye_legal_d_un_menage_protege_est_compte_sans_etre_nomme(bailleur: Organisme) -> None:
    for nom, restreint in (("Rossi", True), ("Faure", False)):
        _avec_apl(nom, contact_restreint=restreint)

    bilan = nuit(bailleur)

    assert bilan.impayes_constitues == 2
    assert [impaye["compte"] for impaye in bilan.impayes] == [
        compte
        for compte in _references()
        if not Menage.objects.get(rattachements__compte__reference=compte).contact_restreint
    ]


def _references() -> list[str]:
    return sorted(Menage.objects.values_list("rattachements__compte__reference", flat=True))


def _avec_apl(nom: str, **champs: object) -> None:
    """Three terms of 450 € with 250 € of aid, none paid: 600 € against a threshold of 400 €."""
    habite = foyer(nom, **champs)
    echeances = mois(date(2026, 8, 5), 3)
    appeler(habite.compte, echeances, payees=0)
    for echeance in echeances:
        mois_de_droit = f"2026-{echeance.month - 1:02d}"
        jour = date(2026, echeance.month - 1, 25)
        fabriques.ecriture(habite.compte, CodeEcriture.APL, jour, credit=250_00, periode=mois_de_droit)


def test_une_caution_seule_n_est_jamais_jointe(bailleur: Organisme) -> None:
    caution = en_retard(role=RoleOccupation.CAUTION)

    nuit(bailleur)

    proposition = caution.proposition()
    assert (proposition.regle, proposition.canal) == ("ORI-VERIFIER", "interne")
    assert "une caution n’est pas un locataire" in proposition.motifs[0]["texte"]


def test_un_deces_fait_ecrire_a_la_succession(bailleur: Organisme) -> None:
    deces = en_retard(deces_le=date(2026, 9, 20))

    nuit(bailleur)

    assert deces.proposition().quoi.startswith("Écrire à la succession de Mme Martinez")
    assert deces.proposition().canal == "courrier"


def test_un_majeur_protege_recoit_ses_lettres_par_son_tuteur(bailleur: Organisme) -> None:
    tutelle = en_retard()
    nuit(bailleur)
    Menage.objects.filter(pk=tutelle.menage.pk).update(protection="tutelle", mandataire="UDAF 31")

    nuit(bailleur, date(2026, 10, 13))

    assert tutelle.proposition().quoi.startswith("Écrire au tuteur (UDAF 31) de Mme Martinez")


def test_la_proposition_et_la_page_ecrivent_aux_memes_personnes(bailleur: Organisme) -> None:
    """Two tenants of one lease, one of them under tutelle: the other one and the tuteur, in both."""
    couple = en_retard()
    paul = fabriques.personne("Durand", "Paul", civilite="M.")
    fabriques.occupation(couple.compte, paul, RoleOccupation.COTITULAIRE)
    nuit(bailleur)
    mesure = {"protection": "tutelle", "mandataire": "UDAF 31", "personne_protegee": couple.personne}
    Menage.objects.filter(pk=couple.menage.pk).update(**mesure)

    nuit(bailleur, date(2026, 10, 13))

    assert [d.nom for d in destinataires(couple.menage).personnes] == ["M. Paul Durand", "UDAF 31"]
    assert couple.proposition().quoi.startswith("Écrire à M. Durand, et au tuteur (UDAF 31) de Mme Martinez")
    assert couple.proposition().canal == "courrier"


def test_la_mesure_de_qui_ne_doit_rien_laisse_appeler_qui_doit(bailleur: Organisme) -> None:
    """One household, two leases; only the account of Émilie owes, and Paul is the one under tutelle."""
    debitrice, paul = en_retard(), fabriques.personne("Durand", "Paul", civilite="M.")
    parking = fabriques.compte()
    fabriques.bail(parking, date_entree=date(2026, 8, 1))
    fabriques.occupation(parking, paul)
    nuit(bailleur)
    menage = debitrice.menage
    MenageCompte.objects.filter(compte=parking).update(menage=menage)
    Menage.objects.filter(pk=menage.pk).update(protection="tutelle", mandataire="UDAF 31", personne_protegee=paul)

    nuit(bailleur, date(2026, 10, 13))

    assert [d.nom for d in destinataires(debitrice.menage).personnes] == ["Mme Émilie Martinez"]
    assert debitrice.proposition().quoi.startswith("Appeler Mme Martinez")


def test_deux_comptes_d_une_personne_font_un_menage_et_une_proposition(bailleur: Organisme) -> None:
    premier, second = en_retard(), fabriques.compte()
    fabriques.bail(second, date_entree=date(2026, 8, 1))
    fabriques.occupation(second, premier.personne)
    appeler(second, mois(date(2026, 9, 5), 2), payees=0)

    nuit(bailleur)

    assert premier.menage == Menage.objects.get(rattachements__compte=second)
    assert premier.proposition().motifs[0]["valeurs"]["montant"]["valeur"] == 3 * 450_00


def test_la_dette_du_stationnement_s_adresse_a_qui_le_loue(bailleur: Organisme) -> None:
    """Émilie died; the parking space that is owed is Paul's alone: one writes to him, not to her succession."""
    logement = a_l_heure()
    paul = fabriques.personne("Durand", "Paul", civilite="M.")
    fabriques.occupation(logement.compte, paul, RoleOccupation.COTITULAIRE)
    parking = fabriques.compte()
    fabriques.bail(parking, date_entree=date(2025, 8, 1), bail_annexe_de=logement.bail.reference)
    fabriques.occupation(parking, paul)
    appeler(parking, mois(date(2025, 10, 5), 13), payees=12)
    Personne.objects.filter(pk=logement.personne.pk).update(deces_le=date(2026, 9, 1))

    nuit(bailleur)

    assert logement.proposition().quoi.startswith("Écrire à M. Durand, cotitulaire en deuil")


def test_un_compte_sans_bail_est_dit_et_verifie(bailleur: Organisme) -> None:
    orphelin = fabriques.compte("SANSBAIL")
    appeler(orphelin, mois(date(2026, 9, 5), 2), payees=0)

    bilan = nuit(bailleur)

    assert bilan.non_calculables == ["SANSBAIL"]
    proposition = Proposition.objects.get()
    assert proposition.regle == "ORI-VERIFIER"
    assert proposition.motifs[0]["texte"] == "Le compte SANSBAIL ne peut plus être calculé depuis le 22 août 2026."


def test_le_duo_est_du_secteur_le_moins_charge_puis_le_premier(bailleur: Organisme) -> None:
    nord = fabriques.secteur("NORD")
    du_nord = equipe(nord)
    second = fabriques.membre(Role.RECOUVREMENT, nord).utilisateur_id
    foyers = [en_retard(f"Nord{n}", secteur=nord) for n in range(3)]

    nuit(bailleur)

    referents = [f.dossier.referent_id for f in foyers]
    assert referents == [du_nord["recouvrement"], second, du_nord["recouvrement"]]
    assert {f.dossier.cesf_id for f in foyers} == {du_nord["cesf"]}


def test_un_secteur_sans_recouvrement_a_un_charge_de_contentieux(bailleur: Organisme) -> None:
    Appartenance.objects.all().update(actif=False)
    contentieux = fabriques.membre(Role.CONTENTIEUX).utilisateur_id
    retard = en_retard()

    nuit(bailleur)

    assert (retard.dossier.referent_id, retard.dossier.cesf_id) == (contentieux, None)


def test_un_autre_bailleur_n_est_pas_touche(bailleur: Organisme) -> None:
    autre = fabriques.organisme("AUTRE", derniere_nuit=None)
    with organisme_scope(autre):
        chez_l_autre = en_retard("Ailleurs")
    en_retard()

    nuit(bailleur)

    with organisme_scope(autre):
        assert not Dossier.objects.exists()
        assert not Menage.objects.filter(rattachements__compte=chez_l_autre.compte).exists()
    autre.refresh_from_db()
    assert autre.derniere_nuit is None


def test_un_bailleur_sans_compte_a_aussi_sa_nuit(bailleur: Organisme) -> None:
    bilan = nuit(bailleur)

    assert bilan.sentences() == ["Rien n'a changé : 0 compte à jour, 0 proposition à faire."]


@pytest.mark.parametrize(("jour", "attendu"), [(date(2026, 10, 9), []), (date(2026, 10, 10), ["ORI-PREMIER"])])
def test_la_franchise_laisse_aux_paiements_le_temps_de_paraitre(
    bailleur: Organisme, jour: date, attendu: list[str]
) -> None:
    retard = en_retard()

    nuit(bailleur, jour)

    assert retard.a_faire() == attendu
