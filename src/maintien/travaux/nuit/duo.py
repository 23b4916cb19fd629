"""Who follows a new dossier: of its sector, the least loaded, then the first by number. The same answer every time."""

from collections import Counter, defaultdict

from django.db.models import Count

from maintien.apps.dossiers.enums import EtatDossier
from maintien.apps.dossiers.models import Dossier
from maintien.apps.organismes.enums import Role
from maintien.apps.organismes.models import Appartenance

# A chargé de recouvrement first; a chargé de contentieux where a sector has none.
_REFERENTS = (Role.RECOUVREMENT, Role.CONTENTIEUX)
_CESF = (Role.CESF,)


class Equipes:
    """The members of each sector and how many open dossiers each follows."""

    def __init__(self) -> None:
        self._membres: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        actifs = Appartenance.objects.filter(actif=True, utilisateur__is_active=True)
        for role, secteur_id, utilisateur_id in actifs.values_list("role", "secteur_id", "utilisateur_id"):
            self._membres[role, secteur_id].append(utilisateur_id)
        self._charges: Counter[int] = Counter()
        for champ in ("referent_id", "cesf_id"):
            ouverts = Dossier.objects.filter(etat=EtatDossier.OUVERT, **{f"{champ}__isnull": False})
            for ligne in ouverts.values(champ).annotate(nombre=Count("pk")).order_by():
                self._charges[ligne[champ]] += ligne["nombre"]

    def assign(self, dossier: Dossier) -> None:
        """Give a dossier its duo; a role that nobody holds on its sector stays empty and is shown as such."""
        dossier.referent_id = self._choose(_REFERENTS, dossier.secteur_id)
        dossier.cesf_id = self._choose(_CESF, dossier.secteur_id)

    def _choose(self, roles: tuple[Role, ...], secteur_id: int | None) -> int | None:
        """Members of the sector before those who work on all of them."""
        for role in roles:
            for secteur in dict.fromkeys((secteur_id, None)):
                membres = self._membres.get((role, secteur), [])
                if membres:
                    choisi = min(membres, key=lambda membre: (self._charges[membre], membre))
                    self._charges[choisi] += 1
                    return choisi
        return None
