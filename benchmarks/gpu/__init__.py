"""Parts of `benchmarks/cuda_check.py`. They need torch and numpy; what else a part needs, it imports when it runs."""
