"""The jobs: a module for each says what it opens, which stages it has, and how it is summed up."""
