"""The fictitious landlord put into a database by COPY or executemany: minutes where the import would take an hour.

The rows are those that the import would write (sectors, households, names, protections), which `ecarts` checks on a
small landlord; the écritures go to the mirror alone, except the rejects of the last 400 days, whose labels the
nightly pass reads in the database. Settings must be ready.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import models, transaction

from maintien.apps.comptes.enums import RoleOccupation
from maintien.apps.comptes.models import Bail, Compte, Ecriture, Livraison, Logement, Occupation, Personne
from maintien.apps.comptes.secteurs import assign_secteurs
from maintien.apps.dossiers.libelles import name_menages, names_of
from maintien.apps.dossiers.menages import attach_menages, protect_menages
from maintien.apps.dossiers.models import Menage, MenageCompte
from maintien.apps.organismes.models import Organisme, RattachementSecteur
from maintien.apps.organismes.secteurs import fold
from maintien.apps.plans.models import PlanApurement
from maintien.apps.socle.portee import organisme_scope
from maintien.apps.socle.proprietaire import as_owner
from maintien.coeur.calendrier import format_periode
from maintien.connecteurs.fictif import engendrer_par_lots
from maintien.moteurs.colonnes.schemas import SCHEMA_ECRITURES, normaliser
from maintien.travaux.demo.bailleurs import DEMO, open_bailleur
from maintien.travaux.miroir import mirror_of

AU = date(2026, 11, 18)
DU = 2023 * 12 + 11
GRAINE = 2026
REJETS_SUR = timedelta(days=400)

Colonnes = dict[str, Sequence[Any]]


def charger(nombre: int) -> Organisme:
    """The landlord of the demonstration with `nombre` leases, as after its first import and before its first night."""
    organisme = ouvrir()
    lots: list[Any] = []
    rejets: list[Any] = []

    def ecritures() -> Iterator[Any]:
        for lot in engendrer_par_lots(nombre, GRAINE, DU, AU):
            lots.append((lot.baux, lot.locataires, lot.plans))
            rejets.append(_rejets_recents(lot.ecritures))
            yield lot.ecritures

    with organisme_scope(organisme):
        livraison = Livraison.objects.create(numero=1)
    tables = (normaliser(table, SCHEMA_ECRITURES) for table in ecritures())
    mirror_of(organisme).reconstruire(1, tables, livraison.identifiant)
    baux, locataires, plans = (pa.concat_tables(rang) for rang in zip(*lots, strict=True))
    with as_owner(), organisme_scope(organisme), transaction.atomic():
        comptes = verser_bailleur(organisme, baux, locataires)
        _verser_plans(organisme, plans, comptes)
        _verser_rejets(organisme, pa.concat_tables(rejets), comptes)
    analyser()
    return organisme


def ouvrir() -> Organisme:
    """The tables, the landlord, its sectors and its users."""
    call_command("migrate", verbosity=0, interactive=False)
    return open_bailleur(DEMO)


def verser_bailleur(organisme: Organisme, baux: Any, locataires: Any) -> dict[str, int]:
    """Homes, accounts, leases, people, households; returns the key of each account, which is that of its household."""
    comptes = _verser_comptes(organisme, baux)
    _verser_personnes(organisme, locataires, comptes)
    _verser_menages(organisme, baux, locataires, comptes)
    return comptes


def analyser() -> None:
    """What the planner of each database knows of its tables, as after a night of maintenance."""
    with as_owner() as connection, connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ecarts(organisme: Organisme) -> dict[str, int]:
    """What the end of an import would still change: nothing, unless the product has learnt something since."""
    with organisme_scope(organisme):
        restes = {f.__name__: f() for f in (assign_secteurs, attach_menages, protect_menages, name_menages)}
    return {nom: nombre for nom, nombre in restes.items() if nombre}


def _verser_comptes(organisme: Organisme, baux: Any) -> dict[str, int]:
    secteurs = {
        fold(r.valeur): r.secteur_id for r in RattachementSecteur.objects.filter(critere="commune").order_by("pk")
    }
    communes = {nom: secteurs.get(fold(nom)) for nom in pc.unique(baux["commune"]).to_pylist()}
    par_bail = [communes[nom] for nom in baux["commune"].to_pylist()]
    uniques = baux.group_by("reference_logement", use_threads=False).aggregate(
        [(nom, "first") for nom in ("residence", "voie", "code_postal", "commune", "code_insee", "departement",
                                    "type_logement", "surface")]
    )  # fmt: skip
    logements = {r: 1 + rang for rang, r in enumerate(uniques["reference_logement"].to_pylist())}
    verser(
        organisme,
        Logement,
        {
            "id": range(1, 1 + len(logements)),
            "reference": list(logements),
            "secteur_id": [communes[nom] for nom in uniques["commune_first"].to_pylist()],
            **{nom.removesuffix("_first"): valeurs(uniques[nom]) for nom in uniques.column_names if "first" in nom},
        },
    )
    references = baux["reference_compte"].to_pylist()
    comptes = {r: 1 + rang for rang, r in enumerate(dict.fromkeys(references))}
    du_compte: dict[str, int | None] = {}
    for reference, secteur in _baux_principaux(baux, par_bail):
        du_compte[reference] = secteur
    verser(
        organisme,
        Compte,
        {
            "id": list(comptes.values()),
            "reference": list(comptes),
            "secteur_id": [du_compte.get(reference) for reference in comptes],
        },
    )
    memes = ("date_signature", "date_entree", "date_sortie", "motif_sortie", "terme", "jour_exigibilite",
             "mode_paiement", "rum", "iban", "apl_mode", "numero_allocataire", "bail_annexe_de")  # fmt: skip
    verser(
        organisme,
        Bail,
        {
            "id": range(1, 1 + len(baux)),
            "reference": baux["reference_bail"].to_pylist(),
            "compte_id": [comptes[reference] for reference in references],
            "logement_id": [logements[reference] for reference in baux["reference_logement"].to_pylist()],
            "depot_garantie_centimes": baux["depot_garantie"].to_pylist(),
            **{nom: valeurs(baux[nom]) for nom in memes},
        },
    )
    return comptes


def _baux_principaux(baux: Any, secteurs: Sequence[int | None]) -> list[tuple[str, int | None]]:
    """Account and sector of each lease, the one that says where the account is coming last."""
    colonnes = (baux[nom].to_pylist() for nom in ("bail_annexe_de", "date_sortie", "date_entree", "reference_bail"))
    rangs = [
        (annexe == "", sortie or date.max, entree, ref) for annexe, sortie, entree, ref in zip(*colonnes, strict=True)
    ]
    ordre = sorted(range(len(rangs)), key=rangs.__getitem__)
    references = baux["reference_compte"].to_pylist()
    return [(references[rang], secteurs[rang]) for rang in ordre]


def _verser_personnes(organisme: Organisme, locataires: Any, comptes: dict[str, int]) -> None:
    memes = ("civilite", "nom", "prenom", "date_naissance", "telephone", "courriel", "situation_entree")
    verser(
        organisme,
        Personne,
        {
            "id": range(1, 1 + len(locataires)),
            "reference": locataires["reference_locataire"].to_pylist(),
            **{nom: valeurs(locataires[nom]) for nom in memes},
            **{nom: [bool(v) for v in locataires[nom].to_pylist()] for nom in ("contact_restreint", "opposition_sms")},
        },
    )
    verser(
        organisme,
        Occupation,
        {
            "personne_id": range(1, 1 + len(locataires)),
            "compte_id": [comptes[reference] for reference in locataires["reference_compte"].to_pylist()],
            "bail_reference": locataires["reference_bail"].to_pylist(),
            "role": locataires["role"].to_pylist(),
        },
    )


def _verser_menages(organisme: Organisme, baux: Any, locataires: Any, comptes: dict[str, int]) -> None:
    """One household an account: this landlord has no tenant of two accounts. The same words as `name_menages`."""
    noms: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    restreints: set[str] = set()
    colonnes = ("reference_compte", "role", "civilite", "prenom", "nom", "contact_restreint")
    lignes = list(zip(*(locataires[nom].to_pylist() for nom in colonnes), strict=True))
    for role in (RoleOccupation.TITULAIRE, RoleOccupation.COTITULAIRE):
        for compte, sien, *nom, _ in lignes:
            if sien == role:
                noms[compte].append(tuple(nom))
    restreints = {ligne[0] for ligne in lignes if ligne[-1]}
    lieux, mots = _lieux(baux)
    for compte in restreints:
        lieux[compte], mots[compte] = "", []
    verser(
        organisme,
        Menage,
        {
            "id": list(comptes.values()),
            "libelle": [names_of(noms[compte])[:200] for compte in comptes],
            "lieu": [lieux[compte][:200] for compte in comptes],
            "recherche": [
                fold(" ".join([*(" ".join(nom) for nom in noms[compte]), compte, *mots[compte]])) for compte in comptes
            ],
            "contact_restreint": [compte in restreints for compte in comptes],
        },
    )
    verser(organisme, MenageCompte, {"menage_id": list(comptes.values()), "compte_id": list(comptes.values())})


def _lieux(baux: Any) -> tuple[dict[str, str], dict[str, list[str]]]:
    mots: dict[str, list[str]] = defaultdict(list)
    colonnes = ("reference_compte", "reference_bail", "residence", "commune")
    lignes = list(zip(*(baux[nom].to_pylist() for nom in colonnes), strict=True))
    for compte, *siens in sorted(lignes):
        mots[compte] += siens
    places = [f"{residence}, {commune}" for _, _, residence, commune in lignes]
    return dict(_baux_principaux(baux, places)), mots  # type: ignore[arg-type]


def _verser_plans(organisme: Organisme, plans: Any, comptes: dict[str, int]) -> None:
    memes = ("date_signature", "nombre_echeances", "premiere_echeance", "date_rupture", "date_solde")
    verser(
        organisme,
        PlanApurement,
        {
            "reference": plans["reference_plan"].to_pylist(),
            "compte_id": [comptes[reference] for reference in plans["reference_compte"].to_pylist()],
            "montant_centimes": plans["montant"].to_pylist(),
            "mensualite_centimes": plans["mensualite"].to_pylist(),
            **{nom: valeurs(plans[nom]) for nom in memes},
        },
    )


def _rejets_recents(ecritures: Any) -> Any:
    codes = pc.equal(pc.cast(ecritures["code"], pa.string()), "REJ")
    recents = pc.greater(ecritures["date_comptable"], pa.scalar(AU - REJETS_SUR, pa.date32()))
    choisies = ecritures.filter(pc.and_(codes, recents))
    return pa.table({nom: _sans_dictionnaire(choisies[nom]) for nom in choisies.column_names})


def _sans_dictionnaire(colonne: Any) -> Any:
    return pc.cast(colonne, pa.string()) if pa.types.is_dictionary(colonne.type) else colonne


def _verser_rejets(organisme: Organisme, rejets: Any, comptes: dict[str, int]) -> None:
    memes = ("date_comptable", "date_valeur", "date_exigibilite", "code", "libelle", "mode", "reference_annulee",
             "affectation")  # fmt: skip
    verser(
        organisme,
        Ecriture,
        {
            "reference": rejets["reference_ecriture"].to_pylist(),
            "compte_id": [comptes[reference] for reference in rejets["reference_compte"].to_pylist()],
            "livraison_id": [Livraison.objects.get().pk] * len(rejets),
            "periode": [format_periode(p) if p is not None else "" for p in rejets["periode"].to_pylist()],
            "debit_centimes": rejets["debit"].to_pylist(),
            "credit_centimes": rejets["credit"].to_pylist(),
            **{nom: valeurs(rejets[nom]) for nom in memes},
        },
    )


def valeurs(colonne: Any) -> list[Any]:
    """Days as text, which both databases take."""
    return (pc.cast(colonne, pa.string()) if pa.types.is_date(colonne.type) else colonne).to_pylist()


def verser(organisme: Organisme, modele: type[models.Model], colonnes: Colonnes) -> None:
    """Rows of one table by the fast road of each database; what is not given has the default of its field."""
    nombre = len(next(iter(colonnes.values())))
    donnees: Colonnes = {"organisme_id": [organisme.pk] * nombre, **colonnes}
    for champ in modele._meta.concrete_fields:  # noqa: SLF001
        if champ.attname not in donnees and not champ.primary_key:
            donnees[champ.attname] = [champ.get_default()] * nombre
    table, noms = modele._meta.db_table, ", ".join(f'"{nom}"' for nom in donnees)  # noqa: SLF001
    lignes = zip(*donnees.values(), strict=True)
    # PostgreSQL takes no copy into a table with policies: through a temporary one, by the owner, who sets sequences.
    with as_owner() as connection, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'CREATE TEMPORARY TABLE verse AS SELECT {noms} FROM "{table}" WITH NO DATA')  # noqa: S608
            with cursor.copy("COPY verse FROM STDIN") as copie:
                for ligne in lignes:
                    copie.write_row(ligne)
            cursor.execute(f'INSERT INTO "{table}" ({noms}) SELECT {noms} FROM verse; DROP TABLE verse')  # noqa: S608
            for ordre in connection.ops.sequence_reset_sql(no_style(), [modele]):
                cursor.execute(ordre)
        else:
            marques = ", ".join(["%s"] * len(donnees))
            cursor.executemany(f'INSERT INTO "{table}" ({noms}) VALUES ({marques})', list(lignes))  # noqa: S608
