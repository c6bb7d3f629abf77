"""Training of the coarse models and the refiner, and their export to ONNX. Needs the `train` extra (torch)."""
