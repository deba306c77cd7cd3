"""How the models that ship were made: run `python -m index.train --help`."""
