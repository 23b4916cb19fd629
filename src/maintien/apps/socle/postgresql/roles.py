"""Which roles the policies do not hold: superusers, those that bypass policies, those that own the tables."""

from typing import Any

GUIDE = "docs/guide/postgresql.md"

_AU_DESSUS = """
SELECT rolname, rolsuper FROM pg_roles
WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'MEMBER')
ORDER BY rolname <> current_user, rolname LIMIT 1
"""
_POSSEDEES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind IN ('r', 'p', 'v', 'm')
AND pg_has_role(current_user, c.relowner, 'MEMBER')
ORDER BY c.relname LIMIT 1
"""


def refuse_role(connexion: Any) -> str:
    """Why this connection of psycopg may not serve the application, in one sentence; empty when it may."""
    role = connexion.info.user
    au_dessus = connexion.execute(_AU_DESSUS).fetchone()
    if au_dessus is not None:
        droit = "est superutilisateur" if au_dessus[1] else "passe outre les politiques (BYPASSRLS)"
        par = "" if au_dessus[0] == role else f", par le rôle « {au_dessus[0]} » dont il est membre"
        raison = f"{droit}{par}"
    elif possedee := connexion.execute(_POSSEDEES).fetchone():
        raison = f"possède des tables (« {possedee[0]} »)"
    else:
        return ""
    return (
        f"Démarrage refusé : le rôle « {role} » de MAINTIEN_BASE {raison}, et la base ne cloisonnerait plus les "
        f"organismes. Donnez à l'application un rôle qui ne possède rien : {GUIDE}."
    )
