"""Models: their cards, where they lie, the engines that run them, and the networks."""
