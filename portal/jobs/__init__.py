"""Work that outlives a request: the job table is the truth, Huey the transport."""
