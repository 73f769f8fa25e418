"""From a file that appears to a flow that we answer for: watching, waiting until whole, claiming, unpacking, pulling."""
