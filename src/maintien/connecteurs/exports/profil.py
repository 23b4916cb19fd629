"""Profiles: loaded, validated by the JSON schema, then cross-checked for what a schema cannot say."""

import json
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from maintien.connecteurs.exports.enregistrements import montrer
from maintien.connecteurs.exports.erreurs import ProfilInconnuError, ProfilInvalideError
from maintien.connecteurs.exports.expressions import MAL_FORMEE, Expression, expression
from maintien.connecteurs.exports.limites import OCTETS_PROFIL, Limites
from maintien.connecteurs.exports.messages_profil import chemin_de, cle_de, phrase
from maintien.connecteurs.exports.yaml_strict import charge_yaml

GENRES = ("baux", "locataires", "ecritures", "plans")
_MONTANTS = {"decimale": ".", "milliers": "aucun", "decimales": [0, 1, 2], "signe": ["devant"]}
_COORDONNEES = ("telephone", "courriel", "voie", "residence")
_COLONNE_DE_MODELE = re.compile(r"\{([^{}]+)\}")

Champ = list[dict[str, Any]]
"""The alternatives of one field, in order."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file of a profile, as declared."""

    profil: str
    cle: str
    nom: str
    genre: str
    motif: Expression
    entete: str
    colonnes: tuple[str, ...]
    colonne_libre: str
    lignes_ignorees: tuple[dict[str, Any], ...]
    non_ecritures: tuple[dict[str, Any], ...]
    total: dict[str, Any]
    enregistrements: dict[str, dict[str, Champ]]

    @property
    def colonnes_lues(self) -> frozenset[str]:
        """Every column that a rule of this kind of file names."""
        noms = {c for champ in self._champs() for alternative in champ for c in colonnes_de(alternative)}
        noms.update(regle["colonne"] for regle in self.non_ecritures)
        noms.update(self.total[cle]["colonne"] for cle in ("nombre", "montant") if cle in self.total)
        return frozenset(noms | ({self.colonne_libre} - {""}))

    @property
    def colonnes_de_coordonnees(self) -> frozenset[str]:
        """Columns that say how to reach people or where they live."""
        champs = (champs.get(nom, []) for champs in self.enregistrements.values() for nom in _COORDONNEES)
        return frozenset(c for champ in champs for alternative in champ for c in colonnes_de(alternative))

    def _champs(self) -> Iterator[Champ]:
        for champs in self.enregistrements.values():
            yield from champs.values()


@dataclass(frozen=True, slots=True)
class Profil:
    """How the files of one landlord are written."""

    nom: str
    version: int
    description: str
    fichier: str
    encodage: str
    separateur: str
    guillemets: bool
    montants: dict[str, Any]
    dates: dict[str, Any]
    periodes: tuple[str, ...]
    limites: Limites
    formats: tuple[Format, ...]


def colonnes_de(alternative: Mapping[str, Any]) -> list[str]:
    """Columns that one rule reads."""
    colonnes = [alternative[cle] for cle in ("colonne",) if cle in alternative]
    if "si" in alternative:
        colonnes.append(alternative["si"]["colonne"])
    return colonnes + _COLONNE_DE_MODELE.findall(alternative.get("modele", ""))


@cache
def _validateur() -> Draft202012Validator:
    texte = (files("maintien.connecteurs.exports") / "profil.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(texte))


def dossier_profils() -> Path:
    """Where the shipped profiles are."""
    return Path(str(files("maintien") / "paquets" / "profils"))


def profils_livres() -> list[str]:
    """Names of the shipped profiles."""
    return sorted(chemin.stem for chemin in dossier_profils().glob("*.yaml"))


def charge_profil(nom_ou_chemin: str | Path) -> Profil:
    """A shipped profile by its name, or a file of the landlord by its path (.yaml or .yml)."""
    texte = str(nom_ou_chemin)
    if texte.endswith((".yaml", ".yml")):
        return _charge(Path(texte))
    if texte not in profils_livres():
        raise ProfilInconnuError(
            f"Le profil « {montrer(texte)} » n'existe pas ; profils livrés : {', '.join(profils_livres())}, ou "
            "donnez le chemin d'un fichier .yaml."
        )
    return _charge(dossier_profils() / f"{texte}.yaml")


def _charge(chemin: Path) -> Profil:
    try:
        etat = chemin.stat()
    except OSError as erreur:
        raise ProfilInvalideError(chemin.name, "", "le fichier ne peut pas être lu ; vérifiez son chemin.") from erreur
    if not stat.S_ISREG(etat.st_mode):
        raise ProfilInvalideError(chemin.name, "", "ce n'est pas un fichier ordinaire ; donnez un fichier .yaml.")
    return _charge_version(chemin, etat.st_mtime_ns, etat.st_size)


@lru_cache(maxsize=32)
def _charge_version(chemin: Path, _instant: int, _taille: int) -> Profil:
    """Read once for each version of the file: a page that lists profiles reads them all."""
    return analyse_profil(chemin.name, _contenu(chemin))


def _contenu(chemin: Path) -> str:
    try:
        with chemin.open("rb") as flux:
            octets = flux.read(OCTETS_PROFIL + 1)
        if len(octets) > OCTETS_PROFIL:
            raise ProfilInvalideError(chemin.name, "", f"le fichier dépasse {OCTETS_PROFIL // 1024} ko ; allégez-le.")
        return octets.decode("utf-8-sig")
    except OSError as erreur:
        raise ProfilInvalideError(chemin.name, "", "le fichier ne peut pas être lu ; vérifiez son chemin.") from erreur
    except UnicodeDecodeError as erreur:
        raise ProfilInvalideError(
            chemin.name, "", "le fichier n'est pas en UTF-8 ; enregistrez-le en UTF-8."
        ) from erreur


def analyse_profil(fichier: str, texte: str) -> Profil:
    """The profile written in this text, or one sentence that says what to change."""
    brut = charge_yaml(fichier, texte)
    if not isinstance(brut, dict):
        raise ProfilInvalideError(fichier, "", "le profil doit commencer par « profil: nom » ; voyez le guide.")
    for cle, interdit in _caracteres_interdits(brut, ()):
        raise ProfilInvalideError(
            fichier, chemin_de(cle), f"le caractère U+{ord(interdit):04X} ne s'écrit pas dans un fichier ; retirez-le."
        )
    erreurs = sorted(_validateur().iter_errors(brut), key=lambda e: (len(e.absolute_path), cle_de(e)))
    if erreurs:
        raise ProfilInvalideError(fichier, cle_de(erreurs[0]), phrase(erreurs[0]))
    dates = {"formats": ["AAAA-MM-JJ"], "vides": [], **brut.get("dates", {})}
    formats = tuple(_format(fichier, i, brut["profil"], declare) for i, declare in enumerate(brut["fichiers"]))
    profil = Profil(
        nom=brut["profil"],
        version=brut["version"],
        description=brut.get("description", ""),
        fichier=fichier,
        encodage=brut["encodage"],
        separateur=brut["separateur"],
        guillemets=brut.get("guillemets", "doubles") == "doubles",
        montants={**_MONTANTS, **brut.get("montants", {})},
        dates=dates,
        periodes=tuple(brut.get("periodes", {}).get("formats", ["AAAA-MM"])),
        limites=_limites(brut.get("limites", {})),
        formats=formats,
    )
    _verifie(fichier, brut, profil)
    return profil


def _caracteres_interdits(noeud: Any, chemin: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Characters that an escape of YAML can write and that no database keeps, with the key that holds them."""
    if isinstance(noeud, str):
        permis = "\t\n" if chemin == ("description",) else "\t"
        yield from ((chemin, c) for c in noeud if unicodedata.category(c) in {"Cc", "Cs"} and c not in permis)
    elif isinstance(noeud, dict):
        for cle, valeur in noeud.items():
            yield from ((chemin, interdit) for _, interdit in _caracteres_interdits(cle, ()))
            yield from _caracteres_interdits(valeur, (*chemin, cle))
    elif isinstance(noeud, list):
        for rang, valeur in enumerate(noeud):
            yield from _caracteres_interdits(valeur, (*chemin, rang))


def _limites(declarees: Mapping[str, int]) -> Limites:
    return Limites(**{champ.name: declarees[champ.name] for champ in fields(Limites) if champ.name in declarees})


def _format(fichier: str, rang: int, profil: str, declare: Mapping[str, Any]) -> Format:
    cle = f"fichiers[{rang}]"
    enregistrements = {
        genre: {nom: champ if isinstance(champ, list) else [champ] for nom, champ in champs.items()}
        for genre, champs in declare["enregistrements"].items()
    }
    return Format(
        profil=profil,
        cle=cle,
        nom=declare["nom"],
        genre=declare["genre"],
        motif=_regle(fichier, f"{cle}.motif", declare["motif"], re.IGNORECASE),
        entete=declare.get("entete", "presente"),
        colonnes=tuple(declare.get("colonnes", ())),
        colonne_libre=declare.get("colonne_libre", ""),
        lignes_ignorees=tuple(declare.get("lignes_ignorees", ())),
        non_ecritures=tuple(declare.get("non_ecritures", ())),
        total=dict(declare.get("total", {})),
        enregistrements=enregistrements,
    )


def _regle(fichier: str, cle: str, texte: str, options: int = 0) -> Expression:
    try:
        return expression(texte, options)
    except MAL_FORMEE as erreur:
        raise ProfilInvalideError(
            fichier,
            cle,
            f"l'expression « {montrer(texte)} » est mal formée ; vérifiez les parenthèses, les crochets et "
            "les accolades.",
        ) from erreur


def _verifie(fichier: str, brut: Mapping[str, Any], profil: Profil) -> None:
    for cle, regle in _regles(brut, ()):
        _regle(fichier, chemin_de(cle), regle)
    if profil.montants["decimale"] == {"point": ".", "virgule": ","}.get(profil.montants["milliers"]):
        raise ProfilInvalideError(
            fichier,
            "montants.milliers",
            "la marque des milliers est aussi celle des décimales ; changez l'une des deux.",
        )
    noms = [f.nom for f in profil.formats]
    for rang, declare in enumerate(profil.formats):
        if noms.index(declare.nom) != rang:
            raise ProfilInvalideError(
                fichier, f"{declare.cle}.nom", f"« {declare.nom} » est déjà pris ; changez ce nom."
            )
        _verifie_format(fichier, profil, declare)


def _regles(noeud: Any, chemin: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every regular expression of the profile, with its key."""
    paires = noeud.items() if isinstance(noeud, dict) else enumerate(noeud) if isinstance(noeud, list) else ()
    for cle, valeur in paires:
        ici = (*chemin, cle)
        if cle in {"motif", "extraire"} and isinstance(valeur, str):
            yield ici, valeur
        elif cle == "retirer" and isinstance(valeur, list):
            yield from (((*ici, i), regle) for i, regle in enumerate(valeur))
        elif cle != "correspondance":
            yield from _regles(valeur, ici)


def _verifie_format(fichier: str, profil: Profil, declare: Format) -> None:
    if declare.entete == "absente" and not declare.colonnes:
        raise ProfilInvalideError(
            fichier, f"{declare.cle}.colonnes", "sans en-tête il faut les noms des colonnes ; donnez-les dans l'ordre."
        )
    for i, regle in enumerate(declare.lignes_ignorees):
        if ("commence_par" in regle) == ("motif" in regle):
            raise ProfilInvalideError(
                fichier,
                f"{declare.cle}.lignes_ignorees[{i}]",
                "il faut « commence_par » ou « motif », un seul des deux.",
            )
    if declare.entete == "absente" and (manquantes := declare.colonnes_lues - set(declare.colonnes)):
        nom = sorted(manquantes)[0]
        raise ProfilInvalideError(
            fichier, f"{declare.cle}.colonnes", f"la colonne « {nom} » est lue mais absente ; ajoutez-la."
        )
    ecriture = declare.enregistrements.get("ecriture")
    if ecriture is not None and ("montant" in ecriture) == ("debit" in ecriture and "credit" in ecriture):
        raise ProfilInvalideError(
            fichier,
            f"{declare.cle}.enregistrements.ecriture",
            "il faut « montant » (signé, ou avec « sens »), ou bien « debit » et « credit » ; gardez l'un des deux.",
        )
    for genre, champs in declare.enregistrements.items():
        for nom, champ in champs.items():
            for i, alternative in enumerate(champ):
                lieu = f"{declare.cle}.enregistrements.{genre}.{nom}" + (f"[{i}]" if len(champ) > 1 else "")
                _verifie_alternative(fichier, profil, lieu, alternative)


def _verifie_alternative(fichier: str, profil: Profil, lieu: str, alternative: Mapping[str, Any]) -> None:
    sources = [cle for cle in ("colonne", "constante", "modele") if cle in alternative]
    if len(sources) != 1:
        raise ProfilInvalideError(
            fichier, lieu, "il faut une seule des clés « colonne », « constante » et « modele »."
        )
    if "remplacer_par" in alternative:
        _verifie_remplacement(fichier, lieu, alternative)
    if "autrement" in alternative and "correspondance" not in alternative:
        raise ProfilInvalideError(
            fichier, f"{lieu}.autrement", "« autrement » va avec « correspondance » ; ajoutez-la."
        )
    if "modele" in alternative and not _COLONNE_DE_MODELE.search(alternative["modele"]):
        raise ProfilInvalideError(
            fichier, f"{lieu}.modele", "aucune colonne entre accolades ; écrivez {Nom de colonne}."
        )
    formats = alternative.get("formats", profil.dates["formats"])
    courts = any(re.search("(?<!A)AA(?!A)", forme) for forme in formats)
    if courts and "annee_pivot" not in alternative and "annee_pivot" not in profil.dates:
        raise ProfilInvalideError(
            fichier, lieu, "une année sur deux chiffres (AA) demande « annee_pivot » ; par exemple annee_pivot: 50."
        )


def _verifie_remplacement(fichier: str, lieu: str, alternative: Mapping[str, Any]) -> None:
    cle = f"{lieu}.remplacer_par"
    if "extraire" not in alternative:
        raise ProfilInvalideError(fichier, cle, "« remplacer_par » va avec « extraire » ; ajoutez-la.")
    groupes = expression(alternative["extraire"]).groups
    demandes = [int(numero) for numero in re.findall(r"\\([0-9]+)", alternative["remplacer_par"])]
    if any(numero > groupes for numero in demandes) or re.search(r"\\[^0-9]", alternative["remplacer_par"]):
        raise ProfilInvalideError(
            fichier, cle, f"l'expression a {groupes} groupe(s) ; écrivez \\1 à \\{max(groupes, 1)}."
        )
