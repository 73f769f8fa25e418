"""`flux run`."""

from pathlib import Path
from threading import Event

import click

from flux.app.gateway import open_gateway
from flux.app.installation import load_settings
from flux.app.logs import open_log
from flux.app.stopping import heed_signals
from flux.app.supervisor import announce, make_notifier
from flux.cli.options import config_option
from flux.config import forget_secrets, take_notify_socket


@click.command()
@config_option
@click.option("--once", is_flag=True, help="Treat what is there, deliver it, and end.")
def command(config_path: Path, *, once: bool) -> None:
    """Take in flows, judge, answer and forward, until stopped (Ctrl-C or SIGTERM). Logs go to standard error.

    Example: flux run --config /srv/flux/config.toml
    """
    report, stop = announce(open_log(), make_notifier(take_notify_socket())), Event()
    settings = load_settings(config_path)
    forget_secrets(settings)
    heed_signals(stop, settings.gateway.stop_seconds, report)
    report("gateway_starting", gateway=settings.gateway.name)
    with open_gateway(settings, report) as gateway:
        if once:
            gateway.run_once()
        else:
            gateway.serve(stop)
