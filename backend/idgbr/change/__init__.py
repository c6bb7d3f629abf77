"""Change between two dates: the pair of images, its registration, the kind of change, history over several dates."""
