"""A line to its fields. A quote never reaches beyond its line."""

from maintien.connecteurs.exports.erreurs import ValeurRefuseeError

_CURE = "doubler chaque guillemet à l'intérieur d'un champ, ou mettre « guillemets: aucun » dans le profil"


def decoupe_simple(ligne: str, separateur: str) -> list[str]:
    """Fields of a format where a quote is an ordinary character."""
    return ligne.split(separateur)


def decoupe_guillemets(ligne: str, separateur: str) -> list[str]:
    """Fields of a format where `"` protects a field and is doubled inside it."""
    if '"' not in ligne:
        return ligne.split(separateur)
    champs: list[str] = []
    debut = 0
    while debut <= len(ligne):
        if ligne.startswith('"', debut):
            champ, debut = _champ_protege(ligne, debut, separateur)
        else:
            fin = ligne.find(separateur, debut)
            fin = len(ligne) if fin < 0 else fin
            champ, debut = ligne[debut:fin], fin + 1
            if '"' in champ:
                raise ValeurRefuseeError("guillemet au milieu d'un champ qui n'est pas entre guillemets", _CURE)
        champs.append(champ)
    return champs


def _champ_protege(ligne: str, debut: int, separateur: str) -> tuple[str, int]:
    fin = debut + 1
    while True:
        fin = ligne.find('"', fin)
        if fin < 0:
            raise ValeurRefuseeError("guillemet ouvert et jamais fermé", _CURE)
        if ligne.startswith('""', fin):
            fin += 2
            continue
        break
    suite = fin + 1
    if suite < len(ligne) and ligne[suite] != separateur:
        raise ValeurRefuseeError("texte après un guillemet fermant", _CURE)
    return ligne[debut + 1 : fin].replace('""', '"'), suite + 1
