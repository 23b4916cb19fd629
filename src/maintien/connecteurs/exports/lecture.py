"""One file read through one profile: lots of records and refusals, and a count in which no line is lost."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from maintien.connecteurs.exports.champs import decoupe_guillemets, decoupe_simple
from maintien.connecteurs.exports.controle import Controle
from maintien.connecteurs.exports.conversion import Convertisseur, has_affectation_illisible
from maintien.connecteurs.exports.enregistrements import EnregistrementEcriture, Lot, Refus, Remarque, montrer
from maintien.connecteurs.exports.erreurs import ExpressionTropLongueError, FichierRefuseError, ValeurRefuseeError
from maintien.connecteurs.exports.expressions import expression
from maintien.connecteurs.exports.lignes import Ligne, LigneIllisible, Lignes, examine
from maintien.connecteurs.exports.profil import Format, Profil
from maintien.connecteurs.exports.totaux import LigneTotal

# Control characters, and the marks that reverse the order of a text on the screen.
_INTERDITS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# A slow profile is stopped near its bound, not at the end of a block of a million characters.
_LIGNES_ENTRE_HEURES = 16

_LISTES = {"bail": "baux", "locataire": "locataires", "plan": "plans"}
# Their lines hold names, telephones and addresses, of people to protect among others: no report keeps one whole.
_NOMINATIFS = frozenset({"bail", "locataire"})


@dataclass(slots=True)
class Bilan:
    """Every line of the file is counted once: `lignes` is the sum of all the others."""

    lignes: int = 0
    prises: int = 0
    refusees: int = 0
    entetes: int = 0
    totaux: int = 0
    vides: int = 0
    ignorees: Counter[str] = field(default_factory=Counter)
    non_ecritures: Counter[str] = field(default_factory=Counter)
    controle: Controle = field(default_factory=Controle)


class LectureFichier:
    """Reads one file. `lots()` may be consumed once; `bilan` is complete when it ends without an error."""

    def __init__(
        self,
        chemin: Path,
        profil: Profil,
        declare: Format,
        *,
        nom: str = "",
        horloge: Callable[[], float] = time.monotonic,
    ) -> None:
        self.nom = nom or chemin.name
        self.profil = profil
        self.declare = declare
        self.bilan = Bilan()
        self.taille = examine(self.nom, chemin, profil.limites)
        self._lignes = Lignes(self.nom, chemin, profil.encodage, profil.limites, horloge)
        self._decoupe = decoupe_guillemets if profil.guillemets else decoupe_simple
        self._separateur = profil.separateur
        self._entete = ""
        self._avant_entete = ""
        self._colonnes: list[str] = []
        self._convertisseur: Convertisseur | None = None
        self._place_libre = -1
        self._non_ecritures: list[tuple[str, int, frozenset[str]]] = []
        self._prefixes = tuple((r["commence_par"], r["nom"]) for r in declare.lignes_ignorees if "commence_par" in r)
        self._motifs = tuple((expression(r["motif"]), r["nom"]) for r in declare.lignes_ignorees if "motif" in r)
        self._total = LigneTotal(self.nom, declare, profil) if declare.total else None
        debut_total = (declare.total["commence_par"],) if declare.total else ()
        self._debuts = tuple(debut for debut, _ in self._prefixes) + debut_total
        self._depuis_total = 0
        if declare.entete == "absente":
            self._prepare(list(declare.colonnes))

    @property
    def octets_lus(self) -> int:
        """Progress, out of `taille`."""
        return self._lignes.octets_lus

    def lots(self) -> Iterator[Lot]:
        """Lots in the order of the file; `FichierRefuseError` when the file is to be refused as a whole."""
        for premiere, lignes in self._lignes.blocs():
            lot = Lot()
            numero = premiere
            try:
                for numero, ligne in enumerate(lignes, premiere):
                    self._traite(numero, ligne, lot)
                    if numero % _LIGNES_ENTRE_HEURES == 0:
                        self._lignes.verifie_duree(numero)
            except ExpressionTropLongueError as erreur:
                raise FichierRefuseError(self.nom, f"ligne {numero}, {erreur}") from erreur
            self.bilan.lignes += len(lignes)
            yield lot
        self._termine()

    def _traite(self, numero: int, ligne: Ligne, lot: Lot) -> None:
        champs: list[str] = []
        try:
            texte = self._texte(ligne)
            if texte is None or self._is_hors_donnees(numero, texte):
                return
            champs = self._champs(texte)
            if self._is_non_ecriture(champs):
                return
            self._convertit(numero, champs, lot)
        except ValeurRefuseeError as refus:
            if self._convertisseur is None and not self._avant_entete:
                self._avant_entete = f"ligne {numero}, {refus.motif} ; {refus.remede}"
            if not self._is_entete_de_page(champs):
                self._refuse(numero, ligne, champs, refus, lot)

    def _texte(self, ligne: Ligne) -> str | None:
        """The line when it is data or a mark; None when it is blank or the header again."""
        if not isinstance(ligne, str):
            raise ValeurRefuseeError(ligne.motif, ligne.remede, valeur=ligne.extrait)
        if ligne == self._entete and ligne:
            self.bilan.entetes += 1
            return None
        if not ligne.isprintable() and (trouve := _INTERDITS.search(ligne)):
            raise ValeurRefuseeError(
                f"caractère de contrôle (code {ord(trouve[0])}) en position {trouve.start() + 1}",
                "supprimer ce caractère dans le logiciel d'origine, puis refaire l'extraction",
            )
        if not ligne or not ligne.strip(self._separateur + " \t\u00a0"):
            self.bilan.vides += 1
            return None
        return ligne

    def _is_hors_donnees(self, numero: int, ligne: str) -> bool:
        """Titles, comments, totals, and the first header."""
        if ligne.startswith(self._debuts) and self._is_marquee(numero, ligne):
            return True
        for motif, nom in self._motifs:
            if motif.search(ligne):
                self.bilan.ignorees[nom] += 1
                return True
        if self._convertisseur is None:
            self._lit_entete(numero, ligne)
            return True
        return False

    def _is_marquee(self, numero: int, ligne: str) -> bool:
        for debut, nom in self._prefixes:
            if ligne.startswith(debut):
                self.bilan.ignorees[nom] += 1
                return True
        if self._total is None or self._convertisseur is None:
            return False
        champs = self._decoupe(ligne, self._separateur)
        self.bilan.controle.annonce(*self._total.lit(numero, dict(zip(self._colonnes, champs, strict=False))))
        self.bilan.totaux += 1
        self._depuis_total = 0
        return True

    def _lit_entete(self, numero: int, ligne: str) -> None:
        try:
            colonnes = [nom.strip() for nom in self._decoupe(ligne, self._separateur)]
        except ValeurRefuseeError as refus:
            raise FichierRefuseError(
                self.nom, f"son en-tête (ligne {numero}) est mal formé : {refus.motif}."
            ) from refus
        self._verifie_entete(numero, colonnes)
        self._entete = ligne
        self.bilan.entetes += 1
        self._prepare(colonnes)

    def _verifie_entete(self, numero: int, colonnes: list[str]) -> None:
        lues = self.declare.colonnes_lues
        manquantes = sorted(lues - set(colonnes))
        if manquantes and self._avant_entete:
            raise FichierRefuseError(self.nom, f"son en-tête n'a pas été lu : {self._avant_entete}.")
        if manquantes:
            raise FichierRefuseError(
                self.nom,
                f"la colonne « {manquantes[0]} » manque dans l'en-tête (ligne {numero} : "
                f"{montrer(', '.join(colonnes))}) ; vérifiez que c'est un fichier « {self.declare.nom} » du profil "
                f"{self.profil.nom}, son encodage et son séparateur.",
            )
        doubles = [nom for nom in lues if colonnes.count(nom) > 1]
        if doubles:
            raise FichierRefuseError(
                self.nom, f"la colonne « {doubles[0]} » est deux fois dans l'en-tête ; renommez l'une des deux."
            )

    def _prepare(self, colonnes: list[str]) -> None:
        self._colonnes = colonnes
        index = {nom: place for place, nom in enumerate(colonnes)}
        self._convertisseur = Convertisseur(self.declare, index, self.profil)
        self._place_libre = index.get(self.declare.colonne_libre, -1)
        self._non_ecritures = [
            (r["nom"], index[r["colonne"]], frozenset(r["parmi"])) for r in self.declare.non_ecritures
        ]

    def _champs(self, ligne: str) -> list[str]:
        champs = self._decoupe(ligne, self._separateur)
        attendus = len(self._colonnes)
        surplus = len(champs) - attendus
        if surplus == 0:
            return champs
        place = self._place_libre
        if surplus > 0 and place >= 0:
            libre = self._separateur.join(champs[place : place + surplus + 1])
            return [*champs[:place], libre, *champs[place + surplus + 1 :]]
        constat = "ligne tronquée" if surplus < 0 else "ligne trop longue"
        raise ValeurRefuseeError(
            f"{constat} : {len(champs)} colonnes au lieu de {attendus}",
            "faire extraire de nouveau cette ligne en entier"
            if surplus < 0
            else "protéger le séparateur dans les textes, ou déclarer la « colonne_libre » du profil",
            valeur=ligne,
        )

    def _is_non_ecriture(self, champs: list[str]) -> bool:
        for nom, place, valeurs in self._non_ecritures:
            if champs[place].strip() in valeurs:
                self.bilan.non_ecritures[nom] += 1
                return True
        return False

    def _convertit(self, numero: int, champs: list[str], lot: Lot) -> None:
        """Every record of the line, or none of them."""
        if self._convertisseur is None:
            raise FichierRefuseError(self.nom, "il n'a pas d'en-tête.")
        resultats = [(genre, convertir(numero, champs)) for genre, convertir in self._convertisseur.convertir]
        net = None
        for genre, enregistrement in resultats:
            if genre == "ecriture":
                lot.ecritures.append(enregistrement)
                net = enregistrement.debit_centimes - enregistrement.credit_centimes
                if enregistrement.affectation or enregistrement.code == "REJ":
                    self._remarque(enregistrement, lot)
            else:
                getattr(lot, _LISTES[genre]).append(enregistrement)
        self.bilan.prises += 1
        self._depuis_total += 1
        if self._total is not None:
            self.bilan.controle.ajoute(numero, net)

    def _remarque(self, ecriture: EnregistrementEcriture, lot: Lot) -> None:
        """Odd entries are taken, and shown: a profile that misses the cancelled pieces is seen at once."""
        if ecriture.affectation and has_affectation_illisible(ecriture.affectation, ecriture.code):
            texte = "les mois désignés sont illisibles : l'écriture est prise, ses mois sont ignorés"
            valeur = montrer(ecriture.affectation)
            lot.remarques.append(Remarque(self.nom, ecriture.ligne, "affectation", valeur, texte))
        if ecriture.code == "REJ" and not ecriture.reference_annulee:
            texte = "le rejet ne dit pas quel paiement il annule : il compte comme une dette nouvelle"
            lot.remarques.append(Remarque(self.nom, ecriture.ligne, "reference_annulee", ecriture.libelle, texte))

    def _is_entete_de_page(self, champs: list[str]) -> bool:
        """A page whose columns are in another order."""
        if self.declare.entete != "repetee" or not champs:
            return False
        colonnes = [champ.strip() for champ in champs]
        if not self.declare.colonnes_lues <= set(colonnes):
            return False
        self.bilan.entetes += 1
        self._prepare(colonnes)
        return True

    def _refuse(self, numero: int, ligne: Ligne, champs: list[str], refus: ValeurRefuseeError, lot: Lot) -> None:
        self.bilan.refusees += 1
        self._depuis_total += 1
        if self.bilan.refusees > self.profil.limites.refus:
            raise FichierRefuseError(
                self.nom,
                f"plus de {self.profil.limites.refus} lignes refusées (la dernière, ligne {numero} : {refus.motif}) ; "
                "le profil ne convient sans doute pas à ce fichier.",
            )
        if not champs and isinstance(ligne, str):
            champs = ligne.split(self._separateur)
        valeur = self._valeur_montree(refus, ligne)
        reference = proteger = ""
        montant = None
        if self._convertisseur is not None:
            reference = montrer(self._convertisseur.reference(champs))
            proteger = self._convertisseur.compte_a_proteger(champs)
            montant = self._convertisseur.montant_net(champs) if len(champs) == len(self._colonnes) else None
            if self._total is not None:
                self.bilan.controle.ajoute(numero, montant)
        lu = (montrer(valeur), refus.motif, refus.remede, reference, proteger, montant)
        lot.refus.append(Refus(self.nom, numero, refus.colonne, *lu))

    def _valeur_montree(self, refus: ValeurRefuseeError, ligne: Ligne) -> str:
        """The value of the faulty column; the whole line when the fault is in none, except where it names people.

        Nobody's coordinates: those of people to protect are among them, and to hide only these would name them.
        """
        if refus.colonne:
            return "" if refus.colonne in self.declare.colonnes_de_coordonnees else refus.valeur
        if _NOMINATIFS & set(self.declare.enregistrements):
            return ""
        return refus.valeur or self._extrait(ligne)

    def _extrait(self, ligne: Ligne) -> str:
        return ligne.extrait if isinstance(ligne, LigneIllisible) else ligne

    def _termine(self) -> None:
        if self._convertisseur is None and self._avant_entete:
            raise FichierRefuseError(self.nom, f"son en-tête n'a pas été lu : {self._avant_entete}.")
        if self._convertisseur is None:
            raise FichierRefuseError(self.nom, "il n'a ni en-tête ni ligne de données ; relancez l'extraction.")
        obligatoire = self.declare.total.get("obligatoire", False)
        if obligatoire and (self.bilan.totaux == 0 or self._depuis_total):
            raise FichierRefuseError(
                self.nom,
                f"il ne se termine pas par sa ligne « {self.declare.total['commence_par']} » : il est sans doute "
                "tronqué ; redemandez l'extraction.",
            )
