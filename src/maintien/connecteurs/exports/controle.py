"""Control totals: what the file says of itself, what was read, and why they differ."""

from dataclasses import dataclass, field

from maintien.coeur.montants import format_euros

_LIGNES_CITEES = 10


def _lignes(nombre: int) -> str:
    return f"{nombre} ligne{'s' if nombre > 1 else ''}"


def _lues(nombre: int) -> str:
    return f"{nombre} {'a été lue' if nombre < 2 else 'ont été lues'}"


@dataclass(slots=True)
class Controle:
    """Count and sum over every entry line of a file, damaged ones included when their amount is readable."""

    nb_lu: int = 0
    total_lu_centimes: int = 0
    nb_annonce: int | None = None
    total_annonce_centimes: int | None = None
    lignes_sans_montant: list[int] = field(default_factory=list)

    def ajoute(self, ligne: int, net_centimes: int | None) -> None:
        """Count one line."""
        self.nb_lu += 1
        if net_centimes is not None:
            self.total_lu_centimes += net_centimes
            return
        self.lignes_sans_montant.append(ligne)

    def annonce(self, nombre: int | None, total_centimes: int | None) -> None:
        """Take a total line; two extractions pasted together have two."""
        if nombre is not None:
            self.nb_annonce = (self.nb_annonce or 0) + nombre
        if total_centimes is not None:
            self.total_annonce_centimes = (self.total_annonce_centimes or 0) + total_centimes

    @property
    def ecart_centimes(self) -> int:
        """Announced minus read."""
        return 0 if self.total_annonce_centimes is None else self.total_annonce_centimes - self.total_lu_centimes

    @property
    def is_ecart_explique(self) -> bool:
        """Nothing is missing and the sums agree: a line without a readable amount explains no difference by itself."""
        return self.is_nombre_juste and self.ecart_centimes == 0

    @property
    def is_nombre_juste(self) -> bool:
        """As many lines as announced, if a number is."""
        return self.nb_annonce is None or self.nb_annonce == self.nb_lu

    def phrase(self) -> str:
        """The comparison in one sentence; empty when the file announces nothing."""
        if self.nb_annonce is None and self.total_annonce_centimes is None:
            return ""
        if self.nb_annonce is not None and not self.is_nombre_juste:
            return (
                f"Le fichier annonce {_lignes(self.nb_annonce)}, {_lues(self.nb_lu)} : il en manque "
                "ou il y en a trop ; redemandez l'extraction."
            )
        if self.total_annonce_centimes is None:
            return f"Le nombre de lignes concorde : {self.nb_lu}."
        lu, annonce = format_euros(self.total_lu_centimes), format_euros(self.total_annonce_centimes or 0)
        if self.ecart_centimes == 0:
            return f"Les totaux concordent : {_lignes(self.nb_lu)}, {lu}."
        constat = f"Le fichier annonce {annonce}, {lu} ont été lus : l'écart de {format_euros(self.ecart_centimes)}"
        if self.lignes_sans_montant:
            return f"{constat} peut venir de montants illisibles ({self._citees()}) ; à vérifier."
        return f"{constat} n'est pas expliqué ; vérifiez l'extraction."

    def _citees(self) -> str:
        reste = max(len(self.lignes_sans_montant) - _LIGNES_CITEES, 0)
        cites = ", ".join(str(ligne) for ligne in self.lignes_sans_montant[:_LIGNES_CITEES])
        if reste:
            return f"lignes {cites}, et {reste} autre{'s' if reste > 1 else ''}"
        return f"lignes {cites}" if len(self.lignes_sans_montant) > 1 else f"ligne {cites}"
