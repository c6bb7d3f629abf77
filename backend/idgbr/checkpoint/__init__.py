"""The state of a job on disk: its folder, journal, locks and fingerprints, and the stopped jobs."""
