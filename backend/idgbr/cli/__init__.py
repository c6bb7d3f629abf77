"""The command line `idgbr`."""
