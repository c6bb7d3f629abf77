"""Quick models: a light head on the features of the shared backbone, fitted to a few labels."""
