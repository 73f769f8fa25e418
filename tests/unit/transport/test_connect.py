"""From a profile to its transport."""

import pytest

from flux.errors import ConfigError
from flux.transport.connect import open_transport
from flux.transport.settings import TransportKind, TransportSettings


@pytest.mark.parametrize("algorithm", ["hmac-md5", "arcfour", "aes128-ctr"])  # weak, weak, and on already
def test_an_algorithm_that_no_profile_may_add_is_a_wrong_configuration(algorithm: str) -> None:
    settings = TransportSettings(kind=TransportKind.SFTP, host="partner", algorithms=("aes256-cbc", algorithm))
    with pytest.raises(ConfigError, match=f"partner.*: {algorithm} cannot be added; these can: aes128-cbc"):
        open_transport(settings)


def test_the_old_algorithms_may_be_added() -> None:
    algorithms = ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc", "hmac-sha1")
    open_transport(TransportSettings(kind=TransportKind.SFTP, host="partner", algorithms=algorithms)).close()
