"""`flux sftp`."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from flux.app.installation import load_settings
from flux.app.sftp_accounts import SftpAccount, list_accounts, write_keys, write_setup, write_sshd_config
from flux.cli.options import config_option, json_option
from flux.model.printable import to_json_line

_user_option = click.option(
    "--user", default="flux", show_default=True, help="The system's user that the gateway runs as."
)


@click.group()
def command() -> None:
    """The accounts of partners who drop their flows on this machine."""


@command.command()
@config_option
@_user_option
@click.option(
    "--keys",
    "keys_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the keys of each account into a file of this folder, too.",
)
@json_option
def config(config_path: Path, user: str, keys_folder: Path | None, *, as_json: bool) -> None:
    """Print the part of sshd_config that shuts each partner up in a folder of its own.

    Example: flux sftp config --keys /etc/ssh/flux.keys > /etc/ssh/sshd_config.d/10-flux.conf
    """
    settings = load_settings(config_path)
    text = write_sshd_config(settings, user)
    if keys_folder is not None:
        for path in write_keys(settings, keys_folder):
            click.echo(f"{path}: written", err=True)
        if os.geteuid() != 0:
            click.echo("sshd takes these files from root only: have root own them and their folder", err=True)
    if as_json:
        for account in list_accounts(settings):
            click.echo(to_json_line(_facts(account)))
    else:
        click.echo(text, nl=False)


@command.command()
@config_option
@_user_option
def setup(config_path: Path, user: str) -> None:
    """Print the script by which root makes the accounts, their folders and the mounts in them.

    Example: flux sftp setup > setup.sh
    """
    click.echo(write_setup(load_settings(config_path), user), nl=False)


def _facts(each: SftpAccount) -> Mapping[str, object]:
    return {
        "partner": each.partner,
        "account": each.account.name,
        "chroot": str(each.chroot),
        "keys_file": str(each.keys_file),
        "folders": [{"path": str(target), "is": str(source)} for target, source in each.mounts],
        "keys": [
            {
                "type": key.key.type,
                "fingerprint": key.key.fingerprint,
                "expires": key.expires.isoformat() if key.expires else None,
            }
            for key in each.account.keys
        ],
    }
