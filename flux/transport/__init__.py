"""How bytes reach a partner and come from it: a folder of this machine, or an SFTP server."""
