"""``python -m kgsearch``: the command line, also where scripts are not on the path."""

from kgsearch.cli import main

if __name__ == "__main__":
    main()
