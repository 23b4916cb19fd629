"""The report of an import, in the order in which it is read: verdict, what is missing, reasons of the refusals."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from maintien.apps.comptes.models import Importation
from maintien.apps.organismes.models import Appartenance
from maintien.apps.organismes.permissions import has_permission
from maintien.travaux.demandes import LANCER, nuit_state
from maintien.travaux.imports.manque import LigneDeRapport, Manque, what_is_missing
from maintien.web.communs.typographie import accord, euros, pluriel
from maintien.web.imports.presentation import ImportLu

LIGNES_PAR_MOTIF = 20
# What makes one sentence of many lines: their numbers, amounts, positions.
_PRECISION = re.compile(r"\s*[(;].*$|\s:\s.*$")
_VALEUR = re.compile(r"\S*\d\S*(\s€)?")


@dataclass(frozen=True, slots=True)
class MotifLu:
    """The refused lines of one reason, the missing ones first, as far as a page goes."""

    motif: str
    remede: str
    nombre: int
    manquantes: int
    lignes: tuple[LigneDeRapport, ...]

    @property
    def reste(self) -> int:
        return self.nombre - len(self.lignes)


@dataclass(frozen=True, slots=True)
class NuitLue:
    """What is said of the pass that has to follow: by whom it may be asked here, else by which command."""

    commande: str
    is_en_route: bool
    is_faite: bool
    can_lancer: bool
    jour: str


@dataclass(frozen=True, slots=True)
class Rapport:
    verdict: str
    ton: str
    manques: tuple[str, ...]
    que_faire: str
    motifs: tuple[MotifLu, ...]
    nb_refus: int
    nuit: NuitLue | None


def rapport_lu(
    appartenance: Appartenance, importation: Importation, lu: ImportLu, lignes: Sequence[LigneDeRapport]
) -> Rapport:
    manque = what_is_missing(lignes)
    return Rapport(
        verdict=_verdict(lu, manque),
        ton="ambre" if lu.message or lu.ecarts or manque.lignes else "vert",
        manques=tuple(_manques(lu, manque)),
        que_faire=_que_faire(lu, manque),
        motifs=tuple(_motifs(lignes)),
        nb_refus=len(lignes),
        nuit=_nuit(appartenance, importation, lu),
    )


def _verdict(lu: ImportLu, manque: Manque) -> str:
    """One sentence: what was taken, and whether something is missing."""
    pris = f"{pluriel(lu.prises, 'ligne prise,lignes prises')} en {pluriel(len(lu.fichiers), 'fichier,fichiers')}"
    if not lu.prises and lu.deja_connues:
        pris = f"Rien de nouveau : {pluriel(lu.deja_connues, 'ligne était,lignes étaient')} déjà connues"
        pris = pris if lu.deja_connues > 1 else pris.replace("connues", "connue")
    refusees = pluriel(lu.refusees, "ligne refusée,lignes refusées")
    if manque.lignes:
        return f"{pris} ; {pluriel(manque.lignes, 'ligne manque,lignes manquent')} encore dans les comptes."
    if lu.refusees:
        retrouvees = accord(lu.refusees, "est arrivée,sont toutes arrivées")
        return f"{pris} ; {refusees}, qui {retrouvees} autrement : il ne manque rien de connu."
    if lu.ecarts:
        return f"{pris}, mais {pluriel(len(lu.ecarts), 'fichier est,fichiers sont')} à vérifier."
    return f"{pris} : il ne manque rien."


def _manques(lu: ImportLu, manque: Manque) -> list[str]:
    phrases = []
    if manque.ecritures:
        phrases.append(_ecritures(manque))
    if manque.fiches:
        nombre = pluriel(manque.fiches, "fiche,fiches")
        phrases.append(f"{nombre} (bail, personne ou plan) {accord(manque.fiches, 'manque,manquent')}.")
    if manque.sans_numero:
        nombre = pluriel(manque.sans_numero, "ligne n’a,lignes n’ont")
        suite = accord(manque.sans_numero, "elle est arrivée,elles sont arrivées")
        phrases.append(f"{nombre} pas de numéro lisible : rien ne dit si {suite} autrement.")
    if manque.reglees:
        nombre = pluriel(manque.reglees, "ligne refusée est arrivée,lignes refusées sont arrivées")
        phrases.append(f"{nombre} depuis sous le même numéro : plus rien à faire pour {_elles(manque.reglees)}.")
    refuses = sum(1 for fichier in lu.fichiers if fichier.signe.texte == "À corriger")
    if refuses:
        phrases.append(f"{pluriel(refuses, 'fichier entier a été refusé,fichiers entiers ont été refusés')}.")
    return phrases


def _ecritures(manque: Manque) -> str:
    nombre = pluriel(manque.ecritures, "écriture manque,écritures manquent")
    if manque.sans_montant == manque.ecritures:
        return f"{nombre} dans les comptes, sans montant lisible : les soldes de ces comptes sont incomplets."
    montant = euros(abs(manque.montant_centimes))
    effet = f"ajouteraient {montant} à" if manque.montant_centimes >= 0 else f"ôteraient {montant} de"
    illisibles = f" ; {pluriel(manque.sans_montant, 'autre est,autres sont')} sans montant lisible"
    return f"{nombre} : prises, elles {effet} ce qui est dû{illisibles if manque.sans_montant else ''}."


def _elles(nombre: int) -> str:
    return accord(nombre, "elle,elles")


def _que_faire(lu: ImportLu, manque: Manque) -> str:
    if manque.lignes:
        return (
            "Corrigez ces lignes dans le progiciel ou dans le fichier, puis redéposez-le : les lignes déjà prises ne "
            "seront pas comptées deux fois."
        )
    if lu.ecarts:
        return "Comparez les totaux ci-dessous avec le progiciel ; au besoin, redemandez l’extraction et redéposez-la."
    return ""


def _motifs(lignes: Sequence[LigneDeRapport]) -> list[MotifLu]:
    """The commonest reason first, those that are missing before those that are settled."""
    groupes: dict[str, list[LigneDeRapport]] = defaultdict(list)
    for ligne in lignes:
        groupes[_famille(ligne.motif)].append(ligne)
    motifs = [_motif(famille, siennes) for famille, siennes in groupes.items()]
    return sorted(motifs, key=lambda motif: (-motif.manquantes, -motif.nombre, motif.motif))


def _motif(famille: str, lignes: list[LigneDeRapport]) -> MotifLu:
    lignes = sorted(lignes, key=lambda ligne: not ligne.manque)
    manquantes = sum(ligne.manque for ligne in lignes)
    return MotifLu(famille, lignes[0].remede, len(lignes), manquantes, tuple(lignes[:LIGNES_PAR_MOTIF]))


def _famille(motif: str) -> str:
    famille = _VALEUR.sub("…", _PRECISION.sub("", motif)).strip()
    return f"{famille[:1].upper()}{famille[1:]}" if famille else motif


def _nuit(appartenance: Appartenance, importation: Importation, lu: ImportLu) -> NuitLue | None:
    """Nothing when nothing was taken: the lists would not change."""
    if not lu.prises:
        return None
    etat, execution = nuit_state(), importation.execution
    fin = execution.finished_at if execution is not None else None
    return NuitLue(
        commande=f"maintien nuit --bailleur {appartenance.organisme.code}",
        is_en_route=etat.is_en_route,
        is_faite=fin is not None and etat.finie_le is not None and etat.finie_le > fin,
        can_lancer=has_permission(appartenance, LANCER),
        jour=timezone.localdate().isoformat(),
    )
