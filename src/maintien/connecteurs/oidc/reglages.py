"""What is agreed with the provider; read from the environment by `config`."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_BOUCLE = frozenset({"localhost", "127.0.0.1", "::1"})


class OidcError(Exception):
    """The login by the provider cannot go on. The message is for the log; the person always reads the same."""


@dataclass(frozen=True, slots=True)
class ReglagesOidc:
    nom: str
    emetteur: str
    client: str
    secret: str
    portees: tuple[str, ...] = ("openid", "email")
    # Asked of the provider at each login (`acr_values`); empty: its own choice.
    acr_demandes: tuple[str, ...] = ()
    # Levels (`acr`), or `amr:` and a method, that stand for our second factor; empty: ours is asked for all the same.
    acr_second_facteur: tuple[str, ...] = ()
    # ProConnect gives addresses that it has verified, and no claim that says so.
    is_courriel_verifie: bool = False
    correspondance: Path | None = None

    @property
    def origine(self) -> str:
        adresse = urlsplit(self.emetteur)
        return f"{adresse.scheme}://{adresse.netloc}"


def is_safe_address(adresse: str) -> bool:
    """Encrypted, or on this very machine."""
    parties = urlsplit(adresse)
    return parties.scheme == "https" or (parties.scheme == "http" and parties.hostname in _BOUCLE)
