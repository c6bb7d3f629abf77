"""Accuracy of class maps: region and boundary measures."""
