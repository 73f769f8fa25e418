"""What is due to whom: retry decisions, circuit breaker, and the threads that put files where they belong."""
