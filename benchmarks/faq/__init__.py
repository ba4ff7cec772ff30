"""Accuracy, honesty, time and memory of the FAQ."""
