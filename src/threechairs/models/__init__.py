"""Quantitative models: arrays in, numbers out; no files, no plots, no names of people."""
