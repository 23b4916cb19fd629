"""`python -m maintien.cli`."""

from maintien.cli.principal import main

main()
