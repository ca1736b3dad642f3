"""Parts fail for real: a process is stopped, a disk is full, a lock is held, a gateway is gone."""
