"""`python -m kgtransfer.cli`: the same as `python -m kgtransfer`."""

from kgtransfer.cli import main

if __name__ == "__main__":
    main()
