"""Pure values of the domain: no I/O, no clock, nothing of ours imported but `flux.errors`."""
