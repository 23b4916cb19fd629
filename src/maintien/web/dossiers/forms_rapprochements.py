"""The form by which a person says whether two households are one."""

from collections.abc import Iterable

from maintien.apps.dossiers.enums import EtatRapprochement
from maintien.apps.dossiers.reunions import DISTINGUER, REUNIR, REVOIR, SEPARER
from maintien.apps.dossiers.voisins import Voisin
from maintien.web.communs.formulaires import ChampChoix, ChampTexte
from maintien.web.dossiers.forms import VersionForm

CHOIX: dict[EtatRapprochement, dict[str, str]] = {
    EtatRapprochement.A_DECIDER: {
        REUNIR: "Réunir avec {} : c’est le même ménage",
        DISTINGUER: "Ne pas réunir avec {} : ce sont deux ménages",
    },
    EtatRapprochement.REUNIS: {SEPARER: "Séparer de nouveau de {} : c’était une erreur"},
    EtatRapprochement.DISTINCTS: {
        REUNIR: "Réunir tout de même avec {}",
        REVOIR: "Remettre à décider pour {}",
    },
}


def nom_du_voisin(voisin: Voisin) -> str:
    """« Mme Martinez et M. Durand (compte C0002) »: never where they live."""
    mot = "comptes" if len(voisin.comptes) > 1 else "compte"
    comptes = f"{mot} {', '.join(voisin.comptes)}"
    return f"{voisin.autre.libelle} ({comptes})" if voisin.autre.libelle else f"le {comptes}"


class RapprocherForm(VersionForm):
    quoi = ChampChoix(label="Ce que vous savez", choices=[])
    motif = ChampTexte(
        label="Ce qui vous le fait dire",
        required=True,
        lignes=2,
        longueur=500,
    )

    def offer(self, voisins: Iterable[Voisin]) -> None:
        """What may be decided of each pair, as it stands."""
        self.fields["quoi"].choices = [  # type: ignore[attr-defined]
            (f"{choix}-{voisin.rapprochement.pk}", phrase.format(nom_du_voisin(voisin)))
            for voisin in voisins
            for choix, phrase in CHOIX[voisin.etat].items()
        ]
