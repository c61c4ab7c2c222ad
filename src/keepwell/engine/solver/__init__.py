"""Arithmetic on arrays: what follows from numbers alone? Numpy in, numpy out; knows no table and no policy.

Reads: arrays. Writes: arrays. Looked at by operations researchers; each function names its source.
"""
