"""Accuracy of class maps: region, boundary, calibration and polygon measures, and the report. See docs/metrics.md."""
