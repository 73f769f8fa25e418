"""The composition root: each module builds one use of flux from the configuration, and imports only what that use needs."""
