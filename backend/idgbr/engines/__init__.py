"""Runs networks: devices, inference engines, and the caches of loaded and of compiled networks."""
