"""Accuracy of class maps: region, boundary, repair, calibration and polygon measures, and the report about them."""
