"""The address to listen on."""

import pytest

from bot.listen import ListenError, open_socket


def test_a_busy_port_is_told_in_one_line_with_what_to_do() -> None:
    with open_socket("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(ListenError, match=f"127.0.0.1:{port}.*--port") as error:
            open_socket("127.0.0.1", port)
    assert "\n" not in str(error.value)
    open_socket("127.0.0.1", port).close()


@pytest.mark.parametrize("host", ["nothing.invalid", "192.0.2.1", "not an address"])
def test_a_host_that_is_not_this_machine_is_told(host: str) -> None:
    with pytest.raises(ListenError, match="cannot listen on"):
        open_socket(host, 0)
