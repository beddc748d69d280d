"""What readers see: Datasette's configuration folder and the pages laid over it."""

from pathlib import Path

FOLDER = Path(__file__).parent
