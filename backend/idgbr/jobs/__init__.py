"""The jobs: a module for each defines what it opens, its stages, and its summary."""
