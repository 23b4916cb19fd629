"""Les raisons en mots : phrases d'affectation, « Expliquer ce solde », tableau mensuel."""

from dataclasses import replace
from datetime import date

from maintien.coeur.calendrier import fin_de_mois, format_periode, parse_periode
from maintien.coeur.compte.ecritures import BailCompte, Ecriture
from maintien.coeur.compte.explication import expliquer_solde
from maintien.coeur.compte.imputation import BaseAffectation, imputation
from maintien.coeur.compte.situation import situation_imputee
from maintien.coeur.compte.tableau import LigneMensuelle, tableau_mensuel

BAIL = BailCompte("B1", "C1", date(2020, 1, 1))
AU = date(2026, 11, 23)


def _terme(mois: str, montant: int = 450_00) -> Ecriture:
    periode = parse_periode(mois)
    fin = fin_de_mois(periode)
    return Ecriture(f"loy {mois}", "C1", fin.replace(day=1), None, fin, periode, "LOY", debit_centimes=montant)


def _credit(reference: str, jour: date, montant: int, code: str = "PAI", mois: str = "", nomme: str = "") -> Ecriture:
    periode = parse_periode(mois) if mois else None
    return Ecriture(reference, "C1", jour, jour, None, periode, code, credit_centimes=montant, affectation=nomme)


def _phrases(*ecritures: Ecriture, bail: BailCompte = BAIL, au: date = AU) -> list[str]:
    """Les phrases, espaces insécables rendues ordinaires pour être lisibles ici."""
    compte = imputation(ecritures, au)
    phrases = expliquer_solde(compte, situation_imputee(compte, [bail]))
    return [phrase.replace("\u00a0", " ").replace("\u202f", " ") for phrase in phrases]


def test_chaque_affectation_dit_quoi_quand_et_pourquoi() -> None:
    compte = imputation(
        [
            _terme("2026-07"),
            _terme("2026-08"),
            _terme("2026-09"),
            _credit("p1", date(2026, 7, 10), 100_00),
            _credit("apl1", date(2026, 8, 25), 200_00, "APL", "2026-07"),
            _credit("apl2", date(2026, 8, 25), 200_00, "APL", "2026-07"),
            _credit("p2", date(2026, 9, 2), 200_00, nomme="2026-09"),
            _credit("fsl", date(2026, 10, 5), 260_00, "AID", nomme="2026-09"),
            _credit("p3", date(2026, 10, 12), 50_00),
        ],
        AU,
    )

    alloue = "l'aide au logement va au mois pour lequel elle est versée"
    designe = "ce mois est désigné par le payeur ou par la décision d'aide"
    legal = "sans désignation, les frais puis la dette échue la plus ancienne sont payés d'abord"
    surplus = "le surplus des mois désignés suit l'ordre légal : les frais, puis la dette échue la plus ancienne"
    avance = "versé d'avance, il sert le jour où la somme devient exigible"
    excedent = "le surplus d'aide de son mois sert à ce qui devient exigible ensuite"
    juillet = "du terme de juillet 2026, exigible le 31 juillet 2026"
    aout = "du terme d'août 2026, exigible le 31 août 2026"
    septembre = "du terme de septembre 2026, exigible le 30 septembre 2026"
    apl = "aide au logement (APL) du 25 août 2026 paie"
    du_10 = "Le 31 juillet 2026, le paiement du 10 juillet 2026 paie"
    assert [(a.base, a.regle, a.phrase().replace("\u00a0", " ")) for a in compte.affectations] == [
        (BaseAffectation.AVANCE, "C6 b", f"{du_10} 100,00 € {juillet} : {avance}."),
        (BaseAffectation.ALLOUE, "C6 a", f"L'{apl} 200,00 € {juillet} : {alloue}."),
        (BaseAffectation.ALLOUE, "C6 a", f"L'{apl} 150,00 € {juillet} : {alloue}."),
        (BaseAffectation.EXCEDENT_APL, "C6 b", f"Le 31 août 2026, l'{apl} 50,00 € {aout} : {excedent}."),
        (BaseAffectation.DESIGNE, "C6 c", f"Le paiement du 2 septembre 2026 paie 200,00 € {septembre} : {designe}."),
        (BaseAffectation.DESIGNE, "C6 c", f"L'aide du 5 octobre 2026 paie 250,00 € {septembre} : {designe}."),
        (BaseAffectation.LEGAL, "C6 c puis d", f"L'aide du 5 octobre 2026 paie 10,00 € {aout} : {surplus}."),
        (BaseAffectation.LEGAL, "C6 d", f"Le paiement du 12 octobre 2026 paie 50,00 € {aout} : {legal}."),
    ]


def test_un_compte_a_jour_s_explique_en_une_phrase_et_une_echeance() -> None:
    assert _phrases(_terme("2026-11")) == [
        "Au 23 novembre 2026, vous n'avez aucun retard.",
        "La prochaine échéance est de 450,00 €, à payer le 30 novembre 2026 : ce n'est pas un retard.",
        "Le solde du compte, 450,00 €, se lit ainsi : 450,00 € pas encore à payer.",
    ]


def test_la_prochaine_echeance_est_la_premiere_a_venir() -> None:
    assert _phrases(_terme("2026-12", 500_00), _terme("2026-11"))[1] == (
        "La prochaine échéance est de 450,00 €, à payer le 30 novembre 2026 : ce n'est pas un retard."
    )


def test_la_dette_s_explique_mois_par_mois() -> None:
    frais = Ecriture("f", "C1", date(2026, 9, 8), code="FRA", debit_centimes=35_00)

    aout = "150,00 € sur août 2026 (à payer depuis le 31 août 2026)"
    septembre = "septembre 2026 en entier, 450,00 € (à payer depuis le 30 septembre 2026)"
    assert _phrases(_terme("2026-08"), _terme("2026-09"), frais, _credit("p", date(2026, 9, 5), 300_00)) == [
        "Au 23 novembre 2026, il reste 635,00 € à payer.",
        f"Pour le loyer et les charges : {aout} ; et {septembre}.",
        "Hors loyer et charges : les frais du 8 septembre 2026, 35,00 €.",
        "Le dernier paiement reçu, 300,00 € le 5 septembre 2026, a servi à payer août 2026.",
    ]


def test_une_longue_dette_se_resume() -> None:
    termes = [_terme(format_periode(parse_periode("2026-04") + n)) for n in range(6)]
    reparations = [Ecriture(f"r{n}", "C1", date(2026, 9, 8), code="REP", debit_centimes=10_00) for n in range(5)]

    de_a = "d'avril 2026 à septembre 2026"
    reste = "2 700,00 € en tout. Le plus ancien : avril 2026 en entier, 450,00 € (à payer depuis le 30 avril 2026)"
    assert _phrases(*termes, *reparations) == [
        "Au 23 novembre 2026, il reste 2 750,00 € à payer.",
        f"Pour le loyer et les charges, 6 mois ne sont pas entièrement payés, {de_a} : {reste}.",
        "Hors loyer et charges, 5 autres sommes (réparations, frais, rejets) : 50,00 € en tout.",
    ]


def test_un_rejet_recent_se_rappelle_un_rejet_ancien_se_tait() -> None:
    rejet = replace(
        _credit("r", date(2026, 10, 7), 0, "REJ"), credit_centimes=0, debit_centimes=450_00, reference_annulee="p"
    )
    ecritures = [_terme("2026-09"), _credit("p", date(2026, 10, 5), 450_00), rejet]

    assert _phrases(*ecritures)[2] == (
        "Le paiement de 450,00 € du 5 octobre 2026 a été rejeté par la banque le 7 octobre 2026 : il ne compte pas."
    )
    assert not [p for p in _phrases(*ecritures, au=date(2027, 1, 7)) if "rejeté" in p]


def test_l_avance_se_dit_au_present_et_au_parti() -> None:
    ecritures = [_terme("2026-10"), _credit("p", date(2026, 11, 5), 500_00)]

    presentes = _phrases(*ecritures)
    assert presentes[1] == (
        "Le dernier paiement reçu, 500,00 € le 5 novembre 2026, a servi à payer octobre 2026 ;"
        " 50,00 € sont gardés d'avance."
    )
    assert presentes[2] == "Vous avez 50,00 € d'avance, qui serviront aux prochaines échéances."
    assert presentes[3] == "Le solde du compte, −50,00 €, se lit ainsi : moins 50,00 € d'avance."
    parties = _phrases(*ecritures, bail=replace(BAIL, date_sortie=date(2026, 11, 1)))
    assert parties[2] == "Vous avez versé 50,00 € de plus que ce qui est dû à ce jour."


def test_un_excedent_d_apl_a_cote_d_une_dette_demande_une_decision() -> None:
    excedent = _credit("apl", date(2026, 11, 5), 100_00, "APL", "2026-06")

    assert "L'aide au logement dépasse de 100,00 € ce qui restait à payer pour ses mois : cela servira ensuite." in (
        _phrases(excedent)
    )
    assert (
        "L'aide au logement dépasse de 100,00 € ce qui restait à payer pour ses mois : cette somme n'efface pas"
        " d'elle-même le retard, nous devons décider avec vous de son emploi."
    ) in _phrases(excedent, _terme("2026-10"))


def test_le_depot_de_garantie_se_dit_a_part() -> None:
    appel = Ecriture("d", "C1", date(2026, 9, 1), code="DG", debit_centimes=400_00)
    regle = _credit("e", date(2026, 9, 2), 400_00, "DG")

    assert "Le dépôt de garantie n'est pas compris : il en reste 400,00 € à verser." in _phrases(appel)
    assert "Le compte montre aussi 400,00 € reçus au titre du dépôt de garantie, tenus à part." in _phrases(regle)
    assert _phrases(appel, regle) == ["Au 23 novembre 2026, vous n'avez aucun retard."]


def test_un_paiement_garde_d_avance_le_dit() -> None:
    assert _phrases(_credit("p", date(2026, 11, 5), 50_00))[1] == (
        "Le dernier paiement reçu, 50,00 € le 5 novembre 2026, est gardé d'avance."
    )


def test_le_tableau_mensuel_montre_appele_aide_paye_reste() -> None:
    compte = imputation(
        [
            _terme("2026-10"),
            _terme("2026-11", 460_00),
            Ecriture("f", "C1", date(2026, 11, 8), code="FRA", debit_centimes=35_00),
            Ecriture("g", "C1", date(2026, 11, 1), None, date(2026, 11, 25), code="REP", debit_centimes=5_00),
            _credit("apl", date(2026, 10, 25), 200_00, "APL", "2026-10"),
            _credit("p", date(2026, 11, 5), 100_00),
            _credit("fsl", date(2026, 11, 20), 60_00, "AID", nomme="2026-11"),
        ],
        AU,
    )

    octobre, novembre = parse_periode("2026-10"), parse_periode("2026-11")
    assert tableau_mensuel(compte) == (
        LigneMensuelle(octobre, date(2026, 10, 31), True, 450_00, 200_00, 100_00, 150_00),
        LigneMensuelle(novembre, date(2026, 11, 30), False, 460_00, 60_00, 0, 400_00),
        LigneMensuelle(None, date(2026, 11, 8), True, 40_00, 0, 0, 40_00),
    )


def test_le_tableau_suit_les_mois_et_non_les_echeances() -> None:
    tardif = replace(_terme("2026-08"), date_exigibilite=date(2026, 11, 10))

    assert [ligne.mois for ligne in tableau_mensuel(imputation([_terme("2026-09"), tardif], AU))] == [
        parse_periode("2026-08"),
        parse_periode("2026-09"),
    ]


def test_une_affectation_illisible_est_signalee() -> None:
    compte = imputation([_credit("p", date(2026, 11, 5), 50_00, nomme="oct. 2026")], AU)

    assert compte.affectations_illisibles == ("p",)
