"""Documents that the project writes itself: demo, tests and benchmarks build on them."""
