"""Models: cards, where they are found, devices, and the engines that run them."""
