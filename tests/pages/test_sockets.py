"""TCP_NODELAY on the listening sockets."""

import socket
import sys

import pytest

from pages.ui.server.sockets import send_at_once

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not list a process's descriptors")


def test_a_connection_to_a_tuned_server_sends_at_once():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert server.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0

        assert send_at_once() >= 1
        with socket.create_connection(server.getsockname()):
            accepted, _ = server.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_sockets_that_do_not_listen_are_left_alone():
    left, right = socket.socketpair()
    with left, right, socket.socket() as unbound:
        send_at_once()
        assert unbound.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
