"""Les textes que des personnes saisissent : sans les signes qui ne se voient pas et changent ce qui se lit."""

import re

# Les commandes de sens d'écriture retournent l'affichage (« 001 » pour « 100 ») ; les codes de contrôle se cachent.
_CACHES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def texte_visible(texte: str) -> str:
    """Rend le texte sans ses commandes cachées ; les fins de ligne et les tabulations restent.

    >>> texte_visible("virement \\u202e001 euros")
    'virement 001 euros'
    """
    return _CACHES.sub("", texte)
