"""Measurements that anyone can repeat: `python -m benchmarks.inbound` and its neighbours."""
