"""Change between two dates: registration of the pair, change probability over tiles, regions that say what happened."""
