"""Where a job was: its folder, its journal, locks, fingerprints, and the jobs that were stopped."""
