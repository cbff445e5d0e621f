"""`python -m bti_docs`."""

from bti_docs.cli.main import main

if __name__ == "__main__":
    main()
