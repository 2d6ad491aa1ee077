"""How a confined run ended, in the words of its limits. Pure: from what the child said to what is shown."""

from __future__ import annotations

import re

import msgspec

from engine.contract.events import Finished
from engine.contract.policy import MB, Confinement
from engine.contract.trace import Failure
from engine.sandbox.guard import FILES, NETWORK, PROCESSES, THREADS
from engine.sandbox.paths import hidden

READING = re.compile(r"\[Errno 13\] .*?: (?P<path>.+)", re.DOTALL)
WRITING = re.compile(r"\[Errno 1\] .*?: (?P<path>.+)", re.DOTALL)
NATIVE = re.compile(r"errno (1|13)\b|cannot be opened|Permission denied|Operation not permitted")
NO_THREAD = "can't start new thread"


def retold(finished: Finished, confinement: Confinement) -> Finished:
    """``finished`` with the ending "denied" where the kernel refused something, and with the limit in the message.

    Folders of the installation are taken out of its texts.
    """
    if finished.failure is None:
        return finished
    told = finished.failure
    failure = msgspec.structs.replace(told, message=hidden(told.message), traceback=hidden(told.traceback))
    return _retold(msgspec.structs.replace(finished, failure=failure), failure, confinement)


def _retold(finished: Finished, failure: Failure, confinement: Confinement) -> Finished:
    if finished.ending == "memory":
        return _with(finished, failure, _memory(confinement, failure))
    if finished.ending == "exit":
        return _with(finished, failure, f"the program ended itself by sys.exit({failure.message})")
    if finished.ending != "error":
        return finished
    if failure.type == "NotAllowed":
        return _denied(finished, failure, failure.message)
    if failure.type in ("PermissionError", "BlockingIOError"):
        return _denied(finished, failure, _refused(failure.message))
    if failure.type == "RuntimeError" and failure.message.startswith(NO_THREAD):
        return _denied(finished, failure, THREADS)
    if failure.type == "RuntimeError" and NATIVE.search(failure.message):
        return _denied(finished, failure, f"This isn't allowed here: {failure.message}")
    return finished


def _refused(message: str) -> str:
    if found := READING.match(message):
        return f"Reading {found['path']} isn't allowed here"
    if found := WRITING.match(message):
        return f"{FILES} ({found['path']})"
    if message.startswith("[Errno 11]"):
        return PROCESSES
    return NETWORK if "socket" in message else f"This isn't allowed here: {message}"


def _memory(confinement: Confinement, failure: Failure) -> str:
    budget = f"more memory than one run may use ({confinement.memory_bytes // MB} MB)"
    return f"The program asked for {budget}. {failure.message}".rstrip()


def _denied(finished: Finished, failure: Failure, message: str) -> Finished:
    return msgspec.structs.replace(_with(finished, failure, message), ending="denied")


def _with(finished: Finished, failure: Failure, message: str) -> Finished:
    return msgspec.structs.replace(finished, failure=msgspec.structs.replace(failure, message=message))
