"""The `maintien` command: one sub-command a file, usage errors in one French sentence, exit codes 0, 1, 2."""

import errno
import os
import sys
from pathlib import Path
from typing import NoReturn

import typer
from typer.main import get_command

from maintien.cli import (
    base,
    demo,
    dossier,
    francais,
    importer,
    jeton,
    nuit,
    organisme,
    purger,
    situation,
    travailleur,
    utilisateurs,
    verifier,
)

app = typer.Typer(
    name="maintien",
    cls=francais.Groupe,
    help="Maintien : traiter tôt les impayés de loyer et prévenir les expulsions.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

FAIT_SANS_LE_DIRE = 1
MAUVAIS_USAGE = 2
INTERROMPU = 130
_SORTIE_PERDUE = frozenset({errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT, errno.EFBIG})


@app.callback()
def racine() -> None:
    """Maintien : traiter tôt les impayés de loyer et prévenir les expulsions."""


app.command("demo", cls=francais.Commande)(demo.commande)
app.command("situation", cls=francais.Commande)(situation.situation)
app.command("importer", cls=francais.Commande)(importer.commande)
app.command("nuit", cls=francais.Commande)(nuit.nuit)
app.command("travailleur", cls=francais.Commande)(travailleur.commande)
app.add_typer(organisme.groupe)
app.add_typer(utilisateurs.groupe)
app.add_typer(verifier.groupe)
app.add_typer(purger.groupe)
app.add_typer(base.groupe)
app.add_typer(dossier.groupe)
app.add_typer(jeton.groupe)


def _check_streams() -> None:
    """A closed stream would lend its number to the first file that is opened, the database for one."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end of the process
    if sys.stdout is None:
        _refuse("La sortie standard est fermée, rien n'est fait : redirigez-la, au besoin vers /dev/null.")


def _check_arguments(arguments: list[str]) -> None:
    for rang, argument in enumerate(arguments, 1):
        if any("\ud800" <= c <= "\udfff" for c in argument):
            montre = argument.encode("ascii", "backslashreplace").decode("ascii")[:80]
            _refuse(f"L'argument {rang} n'est pas en UTF-8 ({montre}) : renommez le fichier ou corrigez la saisie.")


def _lose_output(erreur: OSError) -> NoReturn:
    """What was asked may be done already; what it had to say could not be written."""
    print(  # noqa: T201 - the one sentence of the error
        f"La sortie n'a pas pu être écrite en entier ({os.strerror(erreur.errno or 0)}) : vérifiez la place sur le "
        "disque et la redirection, puis relancez ; ce qui est déjà fait ne sera pas fait deux fois.",
        file=sys.stderr,
    )
    # The interpreter empties the stream once more at its end, and would complain again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(FAIT_SANS_LE_DIRE)


def _refuse(phrase: str) -> NoReturn:
    print(phrase, file=sys.stderr)  # noqa: T201 - the one sentence of the error
    sys.exit(MAUVAIS_USAGE)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; 0 done, 1 done with refusals or differences, 2 nothing done."""
    # What a command writes (base, deposits, reports, situations) names people: it is for its user alone.
    os.umask(0o077)
    _check_streams()
    _check_arguments(sys.argv[1:] if arguments is None else arguments)
    commande = get_command(app)
    try:
        code = commande.main(args=arguments, prog_name="maintien", standalone_mode=False)
        sys.stdout.flush()
    except typer.Abort:
        sys.exit(INTERROMPU)
    except OSError as erreur:
        # Our own files have a name, and their own sentences.
        if erreur.filename is not None or erreur.errno not in _SORTIE_PERDUE:
            raise
        _lose_output(erreur)
    except Exception as erreur:
        # The library's usage errors share no public class; everything else is a defect and shows its trace.
        if not hasattr(erreur, "format_message"):
            raise
        if type(erreur).__name__ == "NoArgsIsHelpError":
            print(erreur)  # noqa: T201 - the help that was asked for
            sys.exit(MAUVAIS_USAGE)
        contexte = getattr(erreur, "ctx", None)
        aide = f" (aide : {contexte.command_path} --help)" if contexte is not None else ""
        print(f"{francais.phrase(erreur)}{aide}", file=sys.stderr)  # noqa: T201 - the one sentence of the error
        sys.exit(MAUVAIS_USAGE)
    sys.exit(code if isinstance(code, int) else 0)
