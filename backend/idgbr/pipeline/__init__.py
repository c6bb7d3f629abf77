"""Stages from an image to rows of classes, how they run, and the way from rows to outputs."""
