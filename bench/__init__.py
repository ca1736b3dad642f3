"""The benchmarks: speed and memory, as a table. Run by `make bench`; no test depends on a clock."""
