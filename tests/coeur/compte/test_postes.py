"""Les postes et les crédits : conventions C4 et C5, ce que les cas ne montrent pas."""

from dataclasses import replace
from datetime import date

from maintien.coeur.calendrier import parse_periode
from maintien.coeur.compte.credits import RangCredit, etablir_credits
from maintien.coeur.compte.ecritures import Ecriture
from maintien.coeur.compte.postes import Nature, detail_du_reste, etablir_postes

AU = date(2026, 11, 23)
FIN_AOUT = date(2026, 8, 31)
AOUT = parse_periode("2026-08")


def _ligne(reference: str, code: str, debit: int = 0, credit: int = 0, **autres: object) -> Ecriture:
    ligne = Ecriture(reference, "C1", date(2026, 8, 20), code=code, debit_centimes=debit, credit_centimes=credit)
    return replace(ligne, **autres)  # type: ignore[arg-type]  # les champs sont ceux d'une écriture


def test_logement_et_parking_de_meme_echeance_font_un_seul_terme() -> None:
    lignes = [
        _ligne("loy", "LOY", 400_00, date_exigibilite=FIN_AOUT, periode=AOUT),
        _ligne("anx", "ANX", 50_00, date_exigibilite=FIN_AOUT, periode=AOUT),
        _ligne("rls", "RLS", 0, 30_00, date_exigibilite=FIN_AOUT, periode=AOUT),
    ]

    (terme,) = etablir_postes(lignes).postes

    assert (terme.nature, terme.mois, terme.montant_centimes) == (Nature.TERME, AOUT, 420_00)
    assert terme.references == ("anx", "loy", "rls")


def test_une_ligne_sans_mois_ni_echeance_prend_sa_date_comptable() -> None:
    (terme,) = etablir_postes([_ligne("loy", "LOY", 400_00)]).postes

    assert (terme.date_exigibilite, terme.mois) == (date(2026, 8, 20), AOUT)


def test_l_od_au_debit_est_un_terme_avec_mois_une_autre_creance_sans() -> None:
    avec, sans = etablir_postes([_ligne("a", "OD", 1, periode=AOUT), _ligne("b", "OD", 1)]).postes

    assert (avec.nature, sans.nature) == (Nature.TERME, Nature.AUTRE)


def test_a_meme_date_le_terme_passe_avant_l_autre_creance_puis_le_mois_puis_la_reference() -> None:
    lignes = [
        _ligne("a", "REP", 1_00),
        _ligne("B", "REP", 1_00),
        _ligne("y", "LOY", 1_00, date_exigibilite=date(2026, 8, 20), periode=AOUT),
        _ligne("z", "LOY", 1_00, date_exigibilite=date(2026, 8, 20), periode=AOUT - 1),
        _ligne("x", "INT", 1_00),
        _ligne("w", "FRA", 1_00, date_exigibilite=date(2026, 12, 31)),
    ]

    assert [poste.reference for poste in etablir_postes(lignes).postes] == ["w", "x", "z", "y", "B", "a"]


def test_un_terme_nul_n_est_pas_un_poste() -> None:
    etablis = etablir_postes(
        [_ligne("a", "LOY", 10_00, date_exigibilite=FIN_AOUT), _ligne("b", "LOY", 0, 10_00, date_exigibilite=FIN_AOUT)]
    )

    assert (etablis.postes, etablis.negatifs, len(etablis.lignes)) == ((), (), 2)


def test_le_terme_en_avoir_prend_la_plus_petite_reference_avoirs_rejoints_compris() -> None:
    etablis = etablir_postes(
        [
            _ligne("m", "REG", 0, 80_00, date_exigibilite=FIN_AOUT, periode=AOUT),
            _ligne("a", "CHG", 0, 5_00, periode=AOUT),
        ]
    )
    (credit,) = etablir_credits([], etablis, AU)

    assert (credit.reference, credit.effet, credit.montant_centimes) == ("a", FIN_AOUT, 85_00)
    assert credit.rang is RangCredit.GENERAL


def test_les_rangs_des_credits() -> None:
    ecritures = [
        _ligne("1", "APL", 0, 10_00, periode=AOUT, affectation="2026-07"),
        _ligne("2", "APL", 0, 10_00),
        _ligne("3", "APL", 0, 10_00, affectation="2026-07"),
        _ligne("4", "AID", 0, 10_00, affectation="2026-07|2026-08"),
        _ligne("5", "EFF", 0, 10_00),
        _ligne("6", "OD", 0, 10_00, periode=AOUT),
        _ligne("7", "DG", 0, 10_00, affectation="2026-08"),
        _ligne("8", "DG", 0, 10_00, affectation="RESTITUTION"),
        _ligne("9", "LOY", 0, 10_00, affectation="2026-08"),
    ]

    credits_ = etablir_credits(ecritures, etablir_postes(ecritures), AU)

    assert sorted((c.reference, int(c.rang), len(c.mois)) for c in credits_) == [
        ("1", 0, 1),
        ("2", 3, 0),
        ("3", 2, 1),
        ("4", 2, 2),
        ("5", 3, 0),
        ("6", 3, 0),
        ("8", 3, 0),
        ("9", 3, 0),
    ]


def test_l_effet_ne_depasse_pas_le_jour_d_observation() -> None:
    ecriture = _ligne("1", "PAI", 0, 10_00, date_valeur=date(2026, 12, 24))

    (credit,) = etablir_credits([ecriture], etablir_postes([]), AU)

    assert credit.effet == AU


def test_le_reste_d_un_terme_se_montre_par_ligne_en_proportion() -> None:
    # argent 3.3, exemple 3 : 100,00 payés sur 400,00 et 50,00 font 88,89 et 11,11.
    lignes = [
        _ligne("logement", "LOY", 400_00, date_exigibilite=FIN_AOUT),
        _ligne("parking", "ANX", 50_00, date_exigibilite=FIN_AOUT),
    ]
    etablis = etablir_postes(lignes)
    (terme,) = etablis.postes

    detail = detail_du_reste(replace(terme, reste_centimes=350_00), etablis.lignes)

    assert detail == {"logement": 400_00 - 88_89, "parking": 50_00 - 11_11}
