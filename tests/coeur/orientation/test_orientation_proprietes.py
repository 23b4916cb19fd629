"""Ce qui doit tenir pour tout ménage : les propriétés des propositions, des dossiers et du classement."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.coeur.orientation.outils import regles_livrees
from tests.coeur.orientation.strategies_menages import AU, menages

from maintien.coeur.orientation.classement import classer, cle_de_tri, decouper, evaluer, rang_entier
from maintien.coeur.orientation.dossiers import decisions
from maintien.coeur.orientation.faits import FaitsCompte, FaitsMenage, Plan, Rejet
from maintien.coeur.orientation.propositions import PRINCIPAL, PropositionCalculee, propositions
from maintien.coeur.orientation.regles import RegleProposition
from maintien.coeur.orientation.retards import retard_centimes
from maintien.coeur.orientation.textes import Mois, Montant

pytestmark = pytest.mark.proprietes

FRANCHISE = 5
ABSOLUES = frozenset({"impaye_legal_proche", "sorti_avec_dette"})
"""Les prédicats dont un paramètre est un montant : 450 € dans la loi, un euro dans la règle."""


def _calculees(faits: FaitsMenage) -> list[PropositionCalculee]:
    return propositions(faits, regles_livrees(), AU)


@given(menages())
def test_pendant_une_pause_il_ne_reste_que_ce_que_la_loi_impose(faits: FaitsMenage) -> None:
    calculees = _calculees(faits)

    if faits.pause is not None:
        assert [p for p in calculees if not p.is_imposee] == []
    # Ce que la loi impose ne dépend pas de la pause.
    sans_pause = _calculees(replace(faits, pause=None))
    assert [p.regle for p in calculees if p.is_imposee] == [p.regle for p in sans_pause if p.is_imposee]


@given(menages())
def test_un_menage_une_proposition_au_plus(faits: FaitsMenage) -> None:
    calculees = _calculees(faits)

    assert len([p for p in calculees if not p.is_imposee]) <= 1
    assert len({(p.genre, p.compte) for p in calculees}) == len(calculees)


@given(menages())
def test_chaque_proposition_dit_quoi_comment_avant_quand_pourquoi_et_sinon(faits: FaitsMenage) -> None:
    for proposition in _calculees(faits):
        assert proposition.quoi.strip()
        assert proposition.sinon.strip()
        assert proposition.canal in {"appel", "sms", "courriel", "courrier", "visite", "interne"}
        assert proposition.avant_le >= AU
        assert proposition.avant_le.weekday() < 5
        assert proposition.minutes > 0
        assert proposition.regle
        assert proposition.version >= 1
        principaux = [motif for motif in proposition.motifs if motif.place == PRINCIPAL]
        assert principaux
        for motif in principaux:
            assert any(isinstance(valeur, (Montant, Mois, date)) for valeur in motif.valeurs.values())


@given(menages())
def test_aucun_canal_que_la_personne_ne_permet(faits: FaitsMenage) -> None:
    for proposition in _calculees(faits):
        permis = {"appel", "sms", "courriel", "courrier", "visite", "interne"}
        if faits.contact_restreint or not faits.has_titulaire:
            permis = {"interne"}
        elif faits.deces_le is not None or faits.protection != "aucune":
            permis = {"courrier", "interne"}
        if faits.opposition_sms:
            permis -= {"sms"}
        if not faits.has_telephone:
            permis -= {"appel", "sms"}
        if not faits.has_courriel:
            permis -= {"courriel"}
        assert proposition.canal in permis
        assert proposition.destinataire != "garant"


@given(menages(deces_le=date(2026, 9, 1), contact_restreint=False, has_titulaire=True, has_survivant=False))
def test_on_n_ecrit_jamais_a_une_personne_decedee_mais_a_sa_succession(faits: FaitsMenage) -> None:
    assert {p.destinataire for p in _calculees(faits)} <= {"succession", "personne"}


@given(menages(locataire="", has_titulaire=False))
def test_sans_titulaire_personne_n_est_joint_pas_meme_la_caution(faits: FaitsMenage) -> None:
    assert {p.canal for p in _calculees(faits)} <= {"interne"}


@given(menages(pause=None))
def test_un_menage_en_retard_a_toujours_une_proposition(faits: FaitsMenage) -> None:
    if retard_centimes(faits, AU, FRANCHISE) > 0:
        assert _calculees(faits)


@given(menages())
def test_le_nom_d_une_personne_n_est_jamais_relu_comme_un_texte_de_regle(faits: FaitsMenage) -> None:
    piege = replace(faits, locataire="Mme {dette}", contact_restreint=False)

    for proposition in _calculees(piege):
        assert "{joindre}" not in proposition.quoi
        assert proposition.quoi.count("{") == proposition.quoi.count("Mme {dette}")


@given(menages())
def test_les_memes_faits_donnent_les_memes_propositions(faits: FaitsMenage) -> None:
    assert _calculees(faits) == _calculees(replace(faits))


@given(
    st.lists(menages(), min_size=1, max_size=6, unique_by=lambda faits: faits.cle), st.randoms(use_true_random=False)
)
def test_le_classement_ne_depend_pas_de_l_ordre_et_n_a_pas_d_ex_aequo(
    faits: list[FaitsMenage], hasard: st.randoms
) -> None:
    calculees = [p for f in faits for p in _calculees(f)]
    melangees = list(calculees)
    hasard.shuffle(melangees)

    assert classer(melangees) == classer(calculees)
    cles = [cle_de_tri(p) for p in calculees]
    assert len(set(cles)) == len(cles)


@given(st.lists(menages(), min_size=1, max_size=6, unique_by=lambda faits: faits.cle))
def test_l_entier_de_rang_trie_comme_le_classement_et_tient_dans_une_base(faits: list[FaitsMenage]) -> None:
    calculees = [p for f in faits for p in _calculees(f)]
    rangs = {id(p): rang_entier(p.classement, p.avant_le) for p in calculees}

    assert all(0 <= rang < 2**63 for rang in rangs.values())
    assert [rangs[id(p)] for p in classer(calculees)] == sorted(rangs.values())


def _fois_compte(compte: FaitsCompte, k: int) -> FaitsCompte:
    situation = compte.situation
    montants = {
        nom: valeur * k
        for nom in situation.__dataclass_fields__
        if nom.endswith("_centimes") and (valeur := getattr(situation, nom)) is not None
    }
    return replace(
        compte,
        situation=replace(situation, **montants),
        appels_recents=tuple((jour, montant * k) for jour, montant in compte.appels_recents),
        apl_recue=tuple((mois, montant * k) for mois, montant in compte.apl_recue),
        prochain_terme_centimes=compte.prochain_terme_centimes * k if compte.prochain_terme_centimes else None,
        plan=_fois_plan(compte.plan, k) if compte.plan else None,
    )


def _fois_plan(plan: Plan, k: int) -> Plan:
    return replace(plan, montant_centimes=plan.montant_centimes * k, mensualite_centimes=plan.mensualite_centimes * k)


def fois(faits: FaitsMenage, k: int) -> FaitsMenage:
    """Le même ménage, dont tous les montants sont multipliés par k."""
    paiement = faits.dernier_paiement
    return replace(
        faits,
        comptes=tuple(_fois_compte(compte, k) for compte in faits.comptes),
        rejets=tuple(Rejet(r.compte, r.jour, r.montant_centimes * k, r.motif, r.has_cible) for r in faits.rejets),
        dettes_passees=tuple((jour, montant * k) for jour, montant in faits.dettes_passees),
        dernier_paiement=(paiement[0], paiement[1] * k) if paiement else None,
    )


def _constats(faits: FaitsMenage) -> list[tuple[RegleProposition, object]]:
    vus = []
    for regle in regles_livrees().en_vigueur(AU).propositions:
        constat = regle.constat(faits, AU)
        if constat is not None and regle.predicat not in ABSOLUES:
            vus.append((regle, evaluer(faits, constat, regle.poids, AU, is_pressant=False)))
    return vus


@given(menages(), st.sampled_from((2, 7, 1000)))
def test_multiplier_tous_les_montants_ne_change_ni_les_regles_ni_les_points(faits: FaitsMenage, k: int) -> None:
    """Jamais les euros seuls : hors des seuils que la loi écrit en euros, l'échelle ne compte pas."""
    assert _constats(fois(faits, k)) == _constats(faits)


@given(st.lists(menages(), min_size=2, max_size=5, unique_by=lambda faits: faits.cle), st.integers(2, 50))
def test_multiplier_les_montants_d_un_menage_ne_le_fait_pas_doubler_les_autres(
    faits: list[FaitsMenage], k: int
) -> None:
    def cles(menages_: list[FaitsMenage]) -> list[str]:
        neutres = [p for f in menages_ for p in _calculees(f) if p.regle not in {"ORI-LEGAL-PROCHE", "ORI-SORTI"}]
        return [p.menage for p in classer(neutres)]

    if any(p.regle in {"ORI-LEGAL-PROCHE", "ORI-SORTI"} for f in (*faits, fois(faits[0], k)) for p in _calculees(f)):
        return

    assert cles([fois(faits[0], k), *faits[1:]]) == cles(faits)


@given(st.lists(menages(), max_size=8, unique_by=lambda faits: faits.cle), st.integers(0, 120))
def test_la_coupe_respecte_le_rang_et_les_minutes(faits: list[FaitsMenage], minutes: int) -> None:
    liste = classer([p for f in faits for p in _calculees(f)])

    jour, plus_tard = decouper(liste, minutes)

    # Rien ne se perd ni ne se double, et l'ordre est gardé des deux côtés.
    assert classer(jour + plus_tard) == liste
    assert (jour, plus_tard) == (classer(jour), classer(plus_tard))
    assert bool(jour) == bool(liste)
    assert [p for p in plus_tard if p.classement.palier == 0] == []
    # Sans échéance légale qui presse, la journée ne déborde que si la première est trop longue à elle seule.
    if all(p.classement.palier > 0 for p in liste):
        assert sum(p.minutes for p in jour) <= minutes or len(jour) == 1


@given(st.lists(menages(), max_size=8, unique_by=lambda faits: faits.cle), st.integers(10, 240), st.integers(0, 2))
def test_la_moitie_des_minutes_va_aux_menages(faits: list[FaitsMenage], minutes: int, presses: int) -> None:
    """Ils l'ont, sauf s'il n'y en a plus à aider ou si le prochain est trop long pour ce qui leur reste."""
    liste = classer([p for f in faits for p in _calculees(f)])
    liste = [
        replace(p, classement=replace(p.classement, palier=0)) if p.is_imposee and rang < presses else p
        for rang, p in enumerate(liste)
    ]

    jour, plus_tard = decouper(liste, minutes)

    attendent = [p.minutes for p in plus_tard if not p.is_imposee]
    if attendent:
        servis = sum(p.minutes for p in jour if not p.is_imposee)
        assert servis + attendent[0] > minutes - minutes // 2


@given(menages())
def test_un_dossier_ne_s_ouvre_ni_ne_se_clot_deux_fois(faits: FaitsMenage) -> None:
    actes = [decision.acte for decision in decisions(faits, regles_livrees(), AU)]

    assert actes.count("ouvrir") <= (faits.dossier is None)
    assert actes.count("clore") <= (faits.dossier is not None)
    assert not {"ouvrir", "clore"} <= set(actes)


@given(menages())
def test_un_dossier_ne_se_clot_pas_tant_qu_un_euro_est_en_retard_ou_qu_une_pause_court(faits: FaitsMenage) -> None:
    if "clore" in [decision.acte for decision in decisions(faits, regles_livrees(), AU)]:
        assert retard_centimes(faits, AU, FRANCHISE) < 100
        assert faits.pause is None
        assert _ouvrir_serait_decide(faits) is False


def _ouvrir_serait_decide(faits: FaitsMenage) -> bool:
    return bool(decisions(replace(faits, dossier=None), regles_livrees(), AU))


@given(menages())
def test_aucune_regle_ne_leve_une_protection(faits: FaitsMenage) -> None:
    if faits.dossier is not None and faits.dossier.niveau == "protege":
        assert [d for d in decisions(faits, regles_livrees(), AU) if d.niveau] == []


@given(menages(contact_restreint=True))
def test_un_menage_au_contact_restreint_est_protege_des_que_son_dossier_existe(faits: FaitsMenage) -> None:
    rendues = decisions(faits, regles_livrees(), AU)

    if faits.dossier is None and rendues:
        assert [d.niveau for d in rendues if d.niveau] == ["protege"]
