"""`python -m kgtransfer`: the command line, where its script is not on the path."""

from kgtransfer.cli import main

if __name__ == "__main__":
    main()
