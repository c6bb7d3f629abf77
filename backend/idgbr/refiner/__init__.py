"""The boundary refiner: conditional diffusion of the label map. Terms: docs/glossary.md#refinement."""
