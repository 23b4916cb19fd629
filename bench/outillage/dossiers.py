"""A morning for the worklist: the dossiers and propositions of a small landlord's real night, dealt to a large one.

Each household in debt of the large landlord receives a dossier of the small one, with its propositions word for word;
sectors, workers, activity and ranks are drawn, so that every page holds a mixture. Settings must be ready.
"""

import json
import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from django.db import transaction

from bench.outillage.portefeuille import AU, DU, GRAINE, analyser, ouvrir, valeurs, verser, verser_bailleur
from maintien.apps.comptes.models import SituationCompte
from maintien.apps.dossiers.enums import MotifPause
from maintien.apps.dossiers.models import Dossier, Pause, Proposition
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance, Organisme, Secteur, Utilisateur
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.proprietaire import as_owner
from maintien.connecteurs.fictif import engendrer_par_lots
from maintien.moteurs.colonnes.passe import situations
from maintien.moteurs.colonnes.schemas import SCHEMA_BAUX, SCHEMA_ECRITURES, normaliser
from maintien.travaux.nuit.situations import CHAMPS

SECTEURS = 24
DOSSIERS_PAR_AGENT = 250
JOURS = 60

Modele = list[dict[str, Any]]


def lire_modele() -> Modele:
    """The open dossiers of this database and what is proposed for each."""
    organisme = Organisme.objects.get(code="DEMO")
    with organisme_scope(organisme):
        par_dossier: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for ligne in Proposition.objects.filter(etat="a_faire").order_by("pk").values():
            # A row of another table would not be the same one in the large landlord.
            garde = {nom: _en_json(v) for nom, v in ligne.items() if nom not in ("id", "rang") and nom[-3:] != "_id"}
            par_dossier[ligne["dossier_id"]].append(garde)
        champs = ("id", "niveau", "cause", "regle_ouverture")
        return [
            {nom: d[nom] for nom in champs[1:]} | {"propositions": par_dossier[d["id"]]}
            for d in Dossier.objects.filter(etat="ouvert").order_by("pk").values(*champs)
        ]


def _en_json(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def charger_journee(nombre: int, modele: Modele) -> dict[str, int]:
    """The landlord of the demonstration with `nombre` leases, on the morning after its night."""
    organisme = ouvrir()
    lots, etats = [], []
    for lot in engendrer_par_lots(nombre, GRAINE, DU, AU):
        lots.append((lot.baux, lot.locataires))
        etats.append(situations(normaliser(lot.ecritures, SCHEMA_ECRITURES), normaliser(lot.baux, SCHEMA_BAUX), AU))
    baux, locataires = (pa.concat_tables(rang) for rang in zip(*lots, strict=True))
    rng = random.Random(GRAINE)  # noqa: S311 - a measure
    with as_owner(), organisme_scope(organisme), transaction.atomic():
        comptes = verser_bailleur(organisme, baux, locataires)
        en_dette = _verser_situations(organisme, pa.concat_tables(etats), comptes)
        secteurs = [Secteur.objects.create(code=f"S{rang:02d}", nom=f"Agence {rang}").pk for rang in range(SECTEURS)]
        agents = _agents(secteurs, len(en_dette))
        faites = _verser_dossiers(organisme, modele, en_dette, secteurs, agents, rng)
        Organisme.objects.filter(pk=organisme.pk).update(derniere_nuit=AU)
    analyser()
    return {"dossiers": len(en_dette), "a_faire": faites}


def _verser_situations(organisme: Organisme, etats: Any, comptes: dict[str, int]) -> list[int]:
    """Returns the keys of the households that owe something."""
    cles = [comptes[reference] for reference in etats["reference_compte"].to_pylist()]
    verser(
        organisme,
        SituationCompte,
        {
            "compte_id": cles,
            "au": [AU.isoformat()] * len(cles),
            **{champ: valeurs(etats[colonne]) for colonne, champ in CHAMPS.items()},
        },
    )
    dettes = etats["dette_locative"].to_pylist()
    return [cle for cle, dette in zip(cles, dettes, strict=True) if dette > 0]


def _agents(secteurs: list[int], dossiers: int) -> dict[int, list[int]]:
    """Users of each sector, one for some 250 dossiers."""
    par_secteur = max(1, dossiers // DOSSIERS_PAR_AGENT // len(secteurs))
    agents: dict[int, list[int]] = defaultdict(list)
    for rang in range(par_secteur * len(secteurs)):
        utilisateur = Utilisateur.objects.create_user(f"agent{rang + 1}@bench.example", None)
        secteur = secteurs[rang % len(secteurs)]
        Appartenance.objects.create(utilisateur=utilisateur, role=Role.RECOUVREMENT, secteur_id=secteur)
        agents[secteur].append(utilisateur.pk)
    return agents


def _verser_dossiers(
    organisme: Organisme,
    modele: Modele,
    menages: list[int],
    secteurs: list[int],
    agents: dict[int, list[int]],
    rng: random.Random,
) -> int:
    dossiers: dict[str, list[Any]] = defaultdict(list)
    propositions: dict[str, list[Any]] = defaultdict(list)
    for rang, menage in enumerate(menages):
        pareil = modele[rang % len(modele)]
        secteur = rng.choice(secteurs)
        muet = rng.random() < 0.05
        champs = {
            "id": rang + 1,
            "menage_id": menage,
            "secteur_id": secteur,
            "referent_id": rng.choice(agents[secteur]) if rng.random() > 0.01 else None,
            "ouvert_le": _jour(rng, 300),
            "derniere_activite_le": _jour(rng, JOURS),
            "sans_reponse_depuis": _jour(rng, JOURS) if muet else None,
            **{nom: pareil[nom] for nom in ("niveau", "cause", "regle_ouverture")},
        }
        _ajouter(dossiers, champs)
        for proposition in pareil["propositions"]:
            _ajouter(propositions, proposition | {"dossier_id": rang + 1, "rang": rng.randrange(10**9)})
    verser(organisme, Dossier, dossiers)
    en_pause = [cle for cle in dossiers["id"] if rng.random() < 0.02]
    verser(
        organisme,
        Pause,
        {
            "dossier_id": en_pause,
            "motif": [MotifPause.AIDE.value] * len(en_pause),
            "du": [(AU - timedelta(5)).isoformat()] * len(en_pause),
            "au": [(AU + timedelta(rng.randrange(1, 60))).isoformat() for _ in en_pause],
        },
    )
    for nom in ("motifs", "classement"):
        propositions[nom] = [json.dumps(valeur) for valeur in propositions[nom]]
    verser(organisme, Proposition, propositions)
    return len(propositions["rang"])


def _jour(rng: random.Random, sur: int) -> str:
    return date.fromordinal(AU.toordinal() - rng.randrange(sur)).isoformat()


def _ajouter(colonnes: dict[str, list[Any]], ligne: dict[str, Any]) -> None:
    for nom, valeur in ligne.items():
        colonnes[nom].append(valeur)
