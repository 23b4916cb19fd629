"""Des fichiers de règles aux règles : tout est vérifié, et ce qui ne va pas est dit avec son remède."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from maintien.coeur.orientation import conditions, conditions_donnees, conditions_dossier, conditions_legales
from maintien.coeur.orientation.canaux import CANAUX
from maintien.coeur.orientation.lecture import Chemin, Faute, Lecteur, ReglesInvalidesError, lire_document
from maintien.coeur.orientation.registre import FACULTATIVES_COMMUNES, PREDICATS, SORTIES_COMMUNES, Predicat, Sorties
from maintien.coeur.orientation.regles import (
    PRESSANT_JOURS,
    RELANCE_JOURS,
    Action,
    Avant,
    JeuDeRegles,
    Poids,
    Regle,
    RegleContexte,
    RegleDossier,
    RegleProposition,
    TexteRegle,
)
from maintien.coeur.orientation.textes import Alternatives, TexteInvalideError, noms_du_texte

MODULES_DE_PREDICATS = (conditions, conditions_donnees, conditions_dossier, conditions_legales)
"""Les modules qui inscrivent les prédicats ; les importer les inscrit."""

GENRES = (
    "verifier_donnees",
    "impaye_legal",
    "impaye_legal_proche",
    "rejet_prelevement",
    "aide_interrompue",
    "echeance_plan",
    "trois_mois_proches",
    "dette_croissante",
    "sorti_avec_dette",
    "retards_repetes",
    "premier_retard",
    "compte_a_jour",
)
ACTES = ("ouvrir", "changer", "clore")
NIVEAUX = ("ordinaire", "suivi", "protege")
CAUSES = ("technique", "ponctuelle", "durable", "litige")
JOINDRE = "joindre"

_IDENTIFIANT = re.compile(r"[A-Z]{3}(-[A-Z0-9]+)+")
_COMMUNES = ("version", "du", "au", "reprend", "reference", "ordre", "si", "motif", "details")
_CLES_VERSION = {
    "proposition": (*_COMMUNES, "faire", "sinon", "identite", "poids", "malgre_pause"),
    "contexte": _COMMUNES,
    "dossier": (*_COMMUNES, "acte", "depuis_niveau", "niveau", "cause"),
}
_CONCRETS = frozenset({"montant", "date", "mois"})


def lire_regles(fichiers: Mapping[str, str]) -> JeuDeRegles:
    """Rend les règles de plusieurs fichiers (nom, texte YAML) ; refuse tout si l'un d'eux a une faute."""
    regles: list[Regle] = []
    fautes: list[Faute] = []
    for nom in sorted(fichiers):
        try:
            document, lignes = lire_document(nom, fichiers[nom])
        except ReglesInvalidesError as erreur:
            fautes.extend(erreur.fautes)
            continue
        lecteur = _LecteurDeRegle(nom, lignes)
        regles.extend(lecteur.regles(document))
        fautes.extend(lecteur.fautes)
    if not fautes:
        fautes.extend(_fautes_d_ensemble(regles))
    if fautes:
        raise ReglesInvalidesError(fautes)
    return JeuDeRegles(
        propositions=tuple(r for r in regles if isinstance(r, RegleProposition)),
        contexte=tuple(r for r in regles if isinstance(r, RegleContexte)),
        dossiers=tuple(r for r in regles if isinstance(r, RegleDossier)),
    )


class _LecteurDeRegle(Lecteur):
    """Lit un fichier : une règle et ses versions."""

    def regles(self, document: Any) -> list[Regle]:
        entete = self.table(document, (), ("identifiant", "famille", "genre", "titre", "versions"))
        self.regle = str(entete.get("identifiant", ""))[:40]
        identifiant = self.lire(entete, (), "identifiant", str)
        if identifiant is not None and _IDENTIFIANT.fullmatch(identifiant) is None:
            self.faute(
                ("identifiant",), f"« {identifiant[:40]} » n'a pas la bonne forme", "écrire par exemple ORI-REJET"
            )
        famille = self.choix(entete, (), "famille", _CLES_VERSION)
        genre = self.choix(entete, (), "genre", GENRES) if famille == "proposition" else ""
        titre = self.lire(entete, (), "titre", str)
        versions = self.lire(entete, (), "versions", list)
        if self.fautes or not versions:
            if versions == []:
                self.faute(("versions",), "aucune version n'est écrite", "en écrire une au moins")
            return []
        lues: list[Regle] = []
        ecrites: dict[int, dict[str, Any]] = {}
        for rang, version in enumerate(versions):
            avant = len(self.fautes)
            table = self.table(version, ("versions", rang), _CLES_VERSION[famille])
            if not self._reprendre(table, ("versions", rang), ecrites):
                continue
            valeurs = self._communes(table, ("versions", rang)) | {"identifiant": identifiant, "titre": titre}
            regle = self._completer(famille, genre, table, ("versions", rang), valeurs)
            if len(self.fautes) == avant and regle is not None:
                lues.append(regle)
        return lues

    def _reprendre(self, table: dict[str, Any], chemin: Chemin, ecrites: dict[int, dict[str, Any]]) -> bool:
        """Complète une version par celle qu'elle reprend ; faux si cette dernière n'est pas écrite plus haut.

        `faire` se reprend clé par clé, les autres clés d'un bloc ; le numéro et les dates ne se reprennent pas.
        """
        if "reprend" in table:
            reprise = self.entier(table, chemin, "reprend", (1, 9999))
            ancienne = ecrites.get(reprise)
            if ancienne is None:
                if reprise is not None:
                    remede = "écrire le numéro d'une version qui la précède dans ce fichier"
                    self.faute((*chemin, "reprend"), f"la version {reprise} n'est pas écrite plus haut", remede)
                return False
            faire, ancien = table.get("faire"), ancienne.get("faire")
            if isinstance(faire, dict) and isinstance(ancien, dict):
                table["faire"] = {**ancien, **faire}
            for cle in ancienne.keys() - table.keys() - {"version", "du", "au"}:
                table[cle] = ancienne[cle]
        if type(table.get("version")) is int:
            ecrites[table["version"]] = table
        return True

    def _completer(
        self, famille: str, genre: str, table: dict[str, Any], chemin: Chemin, valeurs: dict[str, Any]
    ) -> Regle | None:
        predicat = PREDICATS.get(valeurs["predicat"])
        if predicat is None:
            return None
        valeurs["motif"] = self._texte(table, chemin, "motif", predicat, is_concret=famille == "proposition")
        if famille != "contexte":
            valeurs["details"] = self._details(table, chemin, predicat)
        if famille == "proposition":
            valeurs |= self._proposition(table, chemin, predicat) | {"genre": genre}
            return None if self.fautes else RegleProposition(**valeurs)
        if famille == "dossier":
            valeurs |= self._dossier(table, chemin)
            return None if self.fautes else RegleDossier(**valeurs)
        return None if self.fautes else RegleContexte(**valeurs)

    def _communes(self, table: dict[str, Any], chemin: Chemin) -> dict[str, Any]:
        du, au = self.lire(table, chemin, "du", date), self.lire(table, chemin, "au", date, None)
        if du is not None and au is not None and au < du:
            self.faute((*chemin, "au"), "la règle finit avant de commencer", "écrire une date qui suit « du »")
        reference = self.lire(table, chemin, "reference", str)
        if reference is not None and not reference.strip():
            self.faute((*chemin, "reference"), "la source est vide", "nommer le texte ou l'usage qui fonde la règle")
        nom, parametres = self._condition(table, chemin)
        return {
            "version": self.entier(table, chemin, "version", (1, 9999)),
            "du": du,
            "au": au,
            "reference": reference,
            "ordre": self.entier(table, chemin, "ordre", (1, 9999)),
            "predicat": nom,
            "parametres": parametres,
        }

    def _condition(self, table: dict[str, Any], chemin: Chemin) -> tuple[str, dict[str, int]]:
        chemin = (*chemin, "si")
        si = self.table(self.lire(table, chemin[:-1], "si", dict) or {}, chemin, ("predicat", "parametres"))
        nom = self.choix(si, chemin, "predicat", PREDICATS)
        if nom not in PREDICATS:
            return "", {}
        attendus = PREDICATS[nom].parametres
        chemin_parametres = (*chemin, "parametres")
        donnes = self.table(self.lire(si, chemin, "parametres", dict, {}) or {}, chemin_parametres, attendus)
        return nom, {cle: self.entier(donnes, chemin_parametres, cle, bornes) for cle, bornes in attendus.items()}

    def _details(self, table: dict[str, Any], chemin: Chemin, predicat: Predicat) -> dict[str, Alternatives]:
        """Chaque détail du prédicat a son texte, avec au moins un montant ou une date."""
        chemin = (*chemin, "details")
        donnes = self.table(table.get("details", {}), chemin, predicat.details)
        lus = {}
        for cle, sorties in predicat.details.items():
            if cle not in donnes:
                self.faute((*chemin, cle), "ce détail n'a pas de texte", "écrire sa phrase")
                continue
            toujours = {**SORTIES_COMMUNES, **sorties}
            lus[cle] = self._alternatives(
                donnes[cle], (*chemin, cle), toujours, FACULTATIVES_COMMUNES, is_concret=True
            )
        return lus

    def _texte(
        self,
        table: dict[str, Any],
        chemin: Chemin,
        cle: str,
        predicat: Predicat,
        *,
        is_concret: bool = False,
        en_plus: Sorties | None = None,
    ) -> TexteRegle | None:
        if cle not in table:
            self.faute((*chemin, cle), "cette clé manque", "écrire une phrase")
            return None
        toujours = {**SORTIES_COMMUNES, **predicat.sorties, **(en_plus or {})}
        parfois = {**FACULTATIVES_COMMUNES, **predicat.facultatives}
        # Un prédicat qui ne rend que des détails les dit à la place du motif.
        is_concret = is_concret and not predicat.details
        valeur = table[cle]
        variantes = valeur if isinstance(valeur, dict) else {"defaut": valeur}
        permises = predicat.variantes | {"defaut"}
        self.table(variantes, (*chemin, cle), permises)
        if "defaut" not in variantes:
            self.faute((*chemin, cle, "defaut"), "cette clé manque", "écrire la phrase qui vaut hors des variantes")
        return TexteRegle(
            {
                nom: self._alternatives(texte, (*chemin, cle, nom), toujours, parfois, is_concret=is_concret)
                for nom, texte in variantes.items()
                if nom in permises
            }
        )

    def _alternatives(
        self, valeur: Any, chemin: Chemin, toujours: Sorties, parfois: Sorties, *, is_concret: bool
    ) -> Alternatives:
        """Une phrase, ou plusieurs dont la dernière n'emploie que des valeurs toujours connues."""
        phrases = valeur if isinstance(valeur, list) else [valeur]
        if not phrases or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
            self.faute(chemin, "il faut une phrase, ou une liste de phrases", "écrire un texte entre guillemets")
            return ()
        for rang, phrase in enumerate(phrases):
            permises = toujours if rang == len(phrases) - 1 else {**parfois, **toujours}
            try:
                noms = noms_du_texte(phrase)
            except TexteInvalideError as erreur:
                self.faute(chemin, "la phrase ne peut pas être lue", str(erreur))
                continue
            self._verifier_noms(noms, chemin, toujours, parfois, permises)
            if is_concret and not any(permises.get(nom) in _CONCRETS for nom in noms):
                self.faute(chemin, "la phrase ne cite ni montant ni date", "y mettre une valeur comme {dette}")
        return tuple(phrases)

    def _verifier_noms(
        self, noms: frozenset[str], chemin: Chemin, toujours: Sorties, parfois: Sorties, permises: Sorties
    ) -> None:
        for nom in sorted(noms - permises.keys()):
            if nom in parfois and nom not in toujours:
                remede = "ajouter une dernière phrase qui s'en passe"
                self.faute(chemin, f"la valeur « {nom} » peut manquer dans cette phrase", remede)
            else:
                self.faute(chemin, f"la valeur « {nom} » n'existe pas", f"employer {', '.join(sorted(permises))}")

    def _proposition(self, table: dict[str, Any], chemin: Chemin, predicat: Predicat) -> dict[str, Any]:
        identite = self.mots(table, chemin, "identite")
        connues = {**predicat.sorties, **predicat.facultatives}
        for nom in identite:
            if nom not in connues and nom != "details":
                remede = f"employer {', '.join(sorted(connues)) or 'details'}"
                self.faute((*chemin, "identite"), f"la valeur « {nom} » n'existe pas", remede)
        chemin_poids = (*chemin, "poids")
        poids = self.table(table.get("poids", {}), chemin_poids, ("socle", "retard", "comportement", "aide"))
        return {
            "action": self._action(table, chemin, predicat),
            "sinon": self._texte(table, chemin, "sinon", predicat),
            "identite": tuple(identite),
            "poids": Poids(**{nom: self.entier(poids, chemin_poids, nom, (0, 10)) or 0 for nom in poids}),
            "malgre_pause": bool(self.lire(table, chemin, "malgre_pause", bool, defaut=False)),
        }

    def _action(self, table: dict[str, Any], chemin: Chemin, predicat: Predicat) -> Action | None:
        chemin = (*chemin, "faire")
        faire = self.table(
            self.lire(table, chemin[:-1], "faire", dict) or {},
            chemin,
            ("quoi", "canaux", "avant", "minutes", "silence_jours", "relance_jours", "pressant_jours"),
        )
        canaux = self.mots(faire, chemin, "canaux")
        for canal in canaux:
            if canal not in CANAUX:
                self.faute(
                    (*chemin, "canaux"), f"« {canal} » n'est pas un canal", f"choisir parmi {', '.join(CANAUX)}"
                )
        if not canaux:
            self.faute((*chemin, "canaux"), "aucun canal n'est écrit", f"choisir parmi {', '.join(CANAUX)}")
        quoi = self._texte(faire, chemin, "quoi", predicat, en_plus={JOINDRE: "texte"})
        self._verifier_joindre(quoi, canaux, chemin)
        return Action(
            quoi=quoi or TexteRegle({}),
            canaux=tuple(canaux),
            avant=self._avant(faire, chemin, predicat),
            **self._minutes(faire, chemin),
            silence_jours=self.entier(faire, chemin, "silence_jours", (1, 366), None),
            relance_jours=self.entier(faire, chemin, "relance_jours", (1, 31), RELANCE_JOURS) or RELANCE_JOURS,
            pressant_jours=self.entier(faire, chemin, "pressant_jours", (1, 31), PRESSANT_JOURS) or PRESSANT_JOURS,
        )

    def _minutes(self, faire: dict[str, Any], chemin: Chemin) -> dict[str, Any]:
        """Un nombre pour tous les canaux, ou un par canal avec « defaut » pour les autres."""
        if not isinstance(faire.get("minutes"), dict):
            return {"minutes": self.entier(faire, chemin, "minutes", (1, 240)) or 0}
        chemin = (*chemin, "minutes")
        donnees = self.table(faire["minutes"], chemin, ("defaut", *CANAUX))
        lues = {cle: self.entier(donnees, chemin, cle, (1, 240)) for cle in donnees}
        if "defaut" not in donnees:
            self.faute((*chemin, "defaut"), "cette clé manque", "écrire les minutes des autres canaux")
        return {"minutes": lues.pop("defaut", 0), "minutes_par_canal": lues}

    def _verifier_joindre(self, quoi: TexteRegle | None, canaux: list[str], chemin: Chemin) -> None:
        """Qui joint une personne dit « {joindre} » : le canal permis et la personne à qui l'on s'adresse."""
        phrases = [p for alternatives in (quoi.variantes.values() if quoi else ()) for p in alternatives]
        avec = [f"{{{JOINDRE}}}" in phrase for phrase in phrases]
        if canaux != ["interne"] and not all(avec):
            self.faute((*chemin, "quoi"), "la phrase ne dit pas qui joindre", "y mettre {joindre}")
        if canaux == ["interne"] and any(avec):
            self.faute((*chemin, "quoi"), "personne n'est à joindre par le canal interne", "retirer {joindre}")

    def _avant(self, faire: dict[str, Any], chemin: Chemin, predicat: Predicat) -> Avant:
        chemin = (*chemin, "avant")
        avant = self.table(
            self.lire(faire, chemin[:-1], "avant", dict) or {}, chemin, ("date", "plus_jours", "moins_jours")
        )
        dates = [nom for nom, genre in {**SORTIES_COMMUNES, **predicat.sorties}.items() if genre == "date"]
        nom = self.choix(avant, chemin, "date", dates) if "date" in avant else "au"
        if ("plus_jours" in avant) == ("moins_jours" in avant):
            self.faute(chemin, "il faut plus_jours ou moins_jours, l'un des deux", "écrire par exemple plus_jours: 3")
            return Avant()
        cle, signe = ("plus_jours", 1) if "plus_jours" in avant else ("moins_jours", -1)
        return Avant(nom, signe * (self.entier(avant, chemin, cle, (0, 366)) or 0))

    def _dossier(self, table: dict[str, Any], chemin: Chemin) -> dict[str, Any]:
        acte = self.choix(table, chemin, "acte", ACTES)
        valeurs = {"acte": acte}
        for cle, permis in (("depuis_niveau", NIVEAUX), ("niveau", NIVEAUX), ("cause", CAUSES)):
            valeurs[cle] = self.choix(table, chemin, cle, permis) if cle in table else ""
        if acte == "changer" and bool(valeurs["niveau"]) == bool(valeurs["cause"]):
            remede = "écrire niveau ou cause, l'un des deux"
            self.faute((*chemin, "acte"), "la règle ne dit pas ce qu'elle change", remede)
        return valeurs


def _fautes_d_ensemble(regles: Iterable[Regle]) -> Iterable[Faute]:
    """Deux versions d'une règle ne se chevauchent pas ; deux règles de même famille n'ont pas le même ordre."""
    for une, autre in combinations(regles, 2):
        if type(une) is not type(autre) or not _se_chevauchent(une, autre):
            continue
        if une.identifiant == autre.identifiant:
            message = f"les versions {une.version} et {autre.version} sont en vigueur le même jour"
            remede = "finir la première (« au ») la veille du « du » de la seconde"
            yield Faute("règles", 0, une.identifiant, "versions", message, remede)
        elif une.ordre == autre.ordre:
            message = f"l'ordre {une.ordre} est déjà celui de {autre.identifiant}"
            yield Faute("règles", 0, une.identifiant, "ordre", message, "donner à chaque règle son ordre")


def _se_chevauchent(une: Regle, autre: Regle) -> bool:
    return une.du <= (autre.au or date.max) and autre.du <= (une.au or date.max)
