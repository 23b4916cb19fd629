"""Starts a private PostgreSQL on a free port, runs a command against it, stops it, leaves nothing.

Used by `./run test` and by the measures: `python outils/postgres.py -- COMMAND ARG...` runs COMMAND with MAINTIEN_BASE
set to the role of the application, which owns nothing, and MAINTIEN_BASE_PROPRIETAIRE to the role that owns the
database. Exit code 75 when no PostgreSQL can be started here (the reason is one sentence on the error output).
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ABSENT = 75
PROPRIETAIRE, APPLICATION = "maintien_proprietaire", "maintien"
REGLAGES = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=256MB", "timezone=UTC")


class PostgresAbsentError(Exception):
    """No PostgreSQL can be started on this machine."""


def _programmes() -> Path:
    for dossier in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (dossier / "initdb").exists():
            return dossier
    trouve = shutil.which("initdb")
    if trouve is None:
        raise PostgresAbsentError(
            "PostgreSQL n'est pas installé : les tests de base de données ne tournent que sur SQLite "
            "(sous Debian : apt install postgresql)."
        )
    return Path(trouve).resolve().parent


def _compte() -> str | None:
    """The account that runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for nom in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(nom)
            return nom
    raise PostgresAbsentError("PostgreSQL refuse de tourner sous root et aucun autre compte n'existe ici.")


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@contextlib.contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """The variables that lead to an empty database `maintien` on a server of its own, gone at the end."""
    programmes, compte, port = _programmes(), _compte(), _port_libre()
    dossier = Path(tempfile.mkdtemp(prefix="maintien-pg-"))
    try:
        if compte:
            shutil.chown(dossier, compte)

        def executer(*commande: str) -> None:
            # The account's rights, not ours; the output only matters when it fails.
            fait = subprocess.run(commande, user=compte, cwd=dossier, capture_output=True, text=True, check=False)
            if fait.returncode:
                raise PostgresAbsentError(
                    f"PostgreSQL n'a pas démarré : {(fait.stderr or fait.stdout).strip()[-300:]}"
                )

        base = str(dossier / "base")
        executer(str(programmes / "initdb"), "-D", base, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = " ".join(f"-c {reglage}" for reglage in REGLAGES)
        demarrage = f"-p {port} -h 127.0.0.1 -k {dossier} {options}"
        executer(
            str(programmes / "pg_ctl"), "-D", base, "-w", "-l", str(dossier / "journal"), "-o", demarrage, "start"
        )
        try:
            roles = f"CREATE ROLE {PROPRIETAIRE} LOGIN CREATEDB", f"CREATE ROLE {APPLICATION} LOGIN"
            for ordre in (*roles, f"CREATE DATABASE maintien OWNER {PROPRIETAIRE}"):
                psql = (str(programmes / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "postgres")
                executer(*psql, "-q", "-v", "ON_ERROR_STOP=1", "-c", ordre)
            yield {
                "MAINTIEN_BASE": f"postgresql://{APPLICATION}@127.0.0.1:{port}/maintien",
                "MAINTIEN_BASE_PROPRIETAIRE": f"postgresql://{PROPRIETAIRE}@127.0.0.1:{port}/maintien",
            }
        finally:
            executer(str(programmes / "pg_ctl"), "-D", base, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


def main(commande: list[str]) -> int:
    try:
        with cluster() as variables:
            return subprocess.run(commande, env={**os.environ, **variables}, check=False).returncode
    except PostgresAbsentError as absence:
        print(absence, file=sys.stderr)
        return ABSENT


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(main(arguments[1:] if arguments[:1] == ["--"] else arguments))
