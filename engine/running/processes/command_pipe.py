"""The way into a program's process: the job first, then commands while it runs."""

from __future__ import annotations

import os
import threading

ANSWER_S = 1.0  # a job of many megabytes is still being read


class Letters:
    """The writing end of a pipe. What is sent is written whole or not at all."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._is_open = True

    def send_job(self, job: bytes) -> None:
        """Write the job from a thread of its own: it may be larger than the pipe, and the child slow."""
        self._lock.acquire()  # given back by the thread: commands come after the job
        threading.Thread(target=self._write_job, args=(job,), daemon=True).start()

    def send(self, command: bytes) -> bool:
        """Write a framed command; False when the child has gone or reads none."""
        if not self._lock.acquire(timeout=ANSWER_S):
            return False
        try:
            return self._is_open and os.write(self._descriptor, command) == len(command)
        except OSError:
            return False  # it has ended, or so many commands wait that the pipe is full
        finally:
            self._lock.release()

    def close(self) -> None:
        """Give back the descriptor, once the job is written or the child is gone."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                os.close(self._descriptor)

    def _write_job(self, job: bytes) -> None:
        view = memoryview(job)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
            os.set_blocking(self._descriptor, False)  # a command is shorter than PIPE_BUF: whole, or BlockingIOError
        except OSError:
            return  # the child was killed before it had read its job
        finally:
            self._lock.release()
