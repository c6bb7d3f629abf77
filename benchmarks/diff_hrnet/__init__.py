"""The controls of our reading of Diff-HRNet: what a diffusion prior adds to HRNet, by share of the labels."""
