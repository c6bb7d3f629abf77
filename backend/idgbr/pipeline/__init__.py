"""Stages from an image to rows of classes, how they run, and the outputs made from the rows. See docs/design.md."""
