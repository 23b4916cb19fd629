"""`python -m maintien.travaux.demo.chauffe`: compiles the account kernel on the spare core during the first import.

Machine code is kept on disk, so the first pass finds it. Nothing here needs Django.
"""

from maintien.moteurs.colonnes.prechauffage import prechauffer

if __name__ == "__main__":
    prechauffer()
