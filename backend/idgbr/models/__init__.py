"""Models: their cards, the registry, the engines that run them, and the networks."""
