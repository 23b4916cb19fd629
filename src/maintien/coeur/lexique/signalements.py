"""Les mots d'un texte qui demandent de le relire avant de le garder : lesquels, où, et pourquoi."""

from collections.abc import Iterator
from dataclasses import dataclass

from maintien.coeur.lexique.decoupe import Mot, mots
from maintien.coeur.lexique.lexique import Lexique, TermeLexique, lexique

_PAS_MAX = 3


@dataclass(frozen=True, slots=True)
class Signalement:
    """Un mot ou une suite de mots à relire : le texte de `debut` à `fin`, sa catégorie et sa classe du lexique."""

    debut: int
    fin: int
    mot: str
    categorie: str
    classe: str


def signalements(texte: str, selon: Lexique | None = None) -> tuple[Signalement, ...]:
    """Rend ce qui est à relire dans le texte, dans l'ordre et sans chevauchement.

    Ce qui est dans une expression permise ne l'est pas, ni un nom de personne ou de lieu : « Mme Turc », « rue des
    Juifs ».
    """
    selon = selon or lexique()
    suite = mots(texte)
    permis = _permis(suite, selon)
    return tuple(
        _signalement(texte, suite[rang : rang + longueur], terme)
        for rang, longueur, terme in _trouves(suite, selon)
        if permis.isdisjoint(range(rang, rang + longueur)) and not _is_nom(suite, rang, longueur, selon)
    )


def _signalement(texte: str, suite: list[Mot], terme: TermeLexique) -> Signalement:
    debut, fin = suite[0].debut, suite[-1].fin
    return Signalement(debut, fin, texte[debut:fin], terme.categorie, terme.classe)


def _permis(suite: list[Mot], selon: Lexique) -> frozenset[int]:
    """Rend les rangs des mots couverts par une expression permise."""
    couverts: set[int] = set()
    for rang in range(len(suite)):
        trouve = selon.permis.trouver(suite, rang)
        if trouve is not None:
            couverts.update(range(rang, rang + trouve[1]))
    return frozenset(couverts)


def _trouves(suite: list[Mot], selon: Lexique) -> Iterator[tuple[int, int, TermeLexique]]:
    """Rend le rang, le nombre de mots et le terme de ce qui est trouvé."""
    rang = 0
    while rang < len(suite):
        trouve = selon.termes.trouver(suite, rang)
        terme, longueur = trouve if trouve is not None else (None, 1)
        if terme is None and suite[rang].is_sigle:
            terme = selon.sigles.get(suite[rang].texte.upper())
        if terme is not None:
            yield rang, longueur, terme
        rang += longueur


def _is_nom(suite: list[Mot], rang: int, longueur: int, selon: Lexique) -> bool:
    """Un mot à majuscule qui suit une civilité ou un lieu : c'est un nom."""
    if longueur > 1 and suite[rang].texte in selon.civilites:
        return suite[rang + longueur - 1].is_capitale
    if not suite[rang].is_capitale:
        return False
    for precedent in reversed(suite[max(0, rang - _PAS_MAX) : rang]):
        if precedent.texte in selon.lieux or precedent.texte in selon.civilites:
            return True
        is_prenom = precedent.is_capitale and not precedent.is_sigle
        if not is_prenom and precedent.texte not in selon.liaisons:
            return False
    return False
