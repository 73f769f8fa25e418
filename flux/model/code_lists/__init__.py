"""The code lists that the official rules name: data, one module for each publisher."""
