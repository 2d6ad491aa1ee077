"""A zygote seen from the server: started by us, or forked by an earlier zygote to stand by."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import time

from engine.running.processes.handles import ByDescriptor, ByZygote, Handle
from engine.running.processes.process import BackendError

READY_TIMEOUT_S = 120
ANSWER_BYTES = 256
LEAVE_S = 2.0  # for one that was told to leave


class Forker:
    """Its control socket and, where we started it, its process. It lives as long as its end of the socket is open."""

    def __init__(self, control: socket.socket, pid: int, popen: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self._control, self._popen = control, popen
        control.settimeout(READY_TIMEOUT_S)

    @property
    def is_alive(self) -> bool:
        return not self.wait(0)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Whether it has ended, by then."""
        try:
            own = os.dup(self._control.fileno())  # the socket may be closed meanwhile
        except OSError:
            return True
        try:
            poll = select.poll()
            poll.register(own, 0)  # the other end's closing is told all the same
            return bool(poll.poll(None if timeout_s is None else timeout_s * 1000))
        finally:
            os.close(own)

    def kill(self) -> None:
        """End it now. Harmless when it has ended."""
        if self._popen is not None:
            self._popen.kill()
        elif self.is_alive:
            os.kill(self.pid, signal.SIGKILL)

    def wake(self) -> None:
        """Ask one that stands by to serve; :meth:`await_ready` follows. Raises OSError when it has ended."""
        self._control.send(b"wake")

    def await_ready(self) -> Forker | None:
        """Wait for torch to be imported; the one that stands by for this one. Raises BackendError."""
        try:
            message, received, _, _ = socket.recv_fds(self._control, ANSWER_BYTES, 1)
        except TimeoutError as error:
            raise BackendError(f"importing torch took more than {READY_TIMEOUT_S} s; please run again") from error
        except OSError as error:
            raise BackendError(f"the process that imports torch was lost ({error}); please run again") from error
        if not message.startswith(b"ready"):
            raise BackendError("the process that imports torch ended at once: is torch installed? see the server's log")
        return Forker(socket.socket(fileno=received[0]), int(message.split()[1])) if received else None

    def fork(self, descriptors: list[int]) -> Handle:
        """A new child. Raises OSError when the zygote has gone, BackendError when it cannot fork."""
        socket.send_fds(self._control, [b"run"], descriptors)
        message, received, _, _ = socket.recv_fds(self._control, ANSWER_BYTES, 1)
        if not message:
            raise ConnectionResetError("it has ended")
        if received:
            return ByDescriptor(received[0])
        if message.startswith(b"pid "):
            return ByZygote(int(message[4:]), self._tell)
        # it says why; or we may not open any more descriptors, and the child ends for want of a job
        raise BackendError(f"no process for the program ({message.decode(errors='replace')}); please run again")

    def leave(self) -> None:
        """Let it end, and with it every child; wait for that a while, then kill it."""
        self._tell(b"bye")
        try:
            self._control.shutdown(socket.SHUT_RDWR)  # whoever waits for its end has a copy of the descriptor
        except OSError:
            pass  # it has ended already
        self._control.close()
        if self._popen is None:
            self._await_gone()
            return
        try:
            self._popen.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _await_gone(self) -> None:
        deadline = time.monotonic() + LEAVE_S
        while time.monotonic() < deadline:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.005)

    def _tell(self, message: bytes) -> bool:
        try:
            self._control.send(message)
        except OSError:
            return False
        return True
