"""Touching objects of a class, parted where they meet."""
