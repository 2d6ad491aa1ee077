"""The command line: ``python -m engine report|record|lessons``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import Literal

import msgspec

from engine.assemble import TraceBuilder
from engine.codec import Job, frame, trace_to_json
from engine.events import Printed
from engine.report import readable, report
from engine.running.fresh import FreshBackend
from engine.running.process import BackendError
from engine.running.pump import Pump
from engine.running.runner import Runner
from engine.trace import Limits, Program, Trace

CANNOT = 2  # exit status for a wrong command


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = _parser().parse_args(argv)
    if arguments.command == "lessons":
        return _lessons(as_json=arguments.json)
    try:
        source = Path(arguments.program).read_bytes()
    except OSError as error:
        print(f"backstep: cannot read {arguments.program}: {error.strerror}", file=sys.stderr)
        return CANNOT
    program = Program(
        source=_decoded(source),
        filename=arguments.program,
        argv=tuple(arguments.arguments),
        seed=arguments.seed,
        device=arguments.device,
    )
    limits = Limits(time_s=arguments.time_limit)
    try:
        trace, stdout = _confined(program, limits) if arguments.policy == "classroom" else _trusted(program, limits)
    except BackendError as error:
        print(f"backstep: {error}", file=sys.stderr)
        return CANNOT
    if arguments.command == "record":
        return _write(arguments.json, trace_to_json(trace)) or trace.exit_status
    if arguments.json:
        text = msgspec.json.format(msgspec.json.encode(report(trace, stdout)), indent=1)
        return _write(arguments.json, text) or trace.exit_status
    sys.stderr.write(readable(trace))
    return trace.exit_status


def _trusted(program: Program, limits: Limits) -> tuple[Trace, str]:
    """Run as ``python PROGRAM`` would, output passed through as it comes."""
    process = FreshBackend(stdin=None).launch(frame(Job(program, limits, reseed=False)))
    kept = bytearray()

    def pass_through(source: Literal["events", "stdout", "stderr"], data: bytes) -> None:
        stream = sys.stdout if source == "stdout" else sys.stderr
        if source == "stdout":
            kept.extend(data)
        stream.buffer.write(data)
        stream.buffer.flush()

    pump = Pump(process, limits, raw=pass_through)
    earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the program, which ends by it
    builder = TraceBuilder(program, limits)
    try:
        for event in pump.events():
            builder.add(event)
    finally:
        signal.signal(signal.SIGINT, earlier)
    return builder.trace(), kept.decode("utf-8", "replace")


def _confined(program: Program, limits: Limits) -> tuple[Trace, str]:
    """Run as the app does: in a single-use process of its own, without stdin."""
    print("backstep: this version starts a process of its own for the program but does not confine it", file=sys.stderr)
    builder = TraceBuilder(program, limits)
    stdout: list[str] = []
    with Runner() as runner:
        for event in runner.submit(program, limits, "report"):
            builder.add(event)
            if isinstance(event, Printed):
                (sys.stdout if event.stream == "stdout" else sys.stderr).write(event.text)
                stdout += [event.text] if event.stream == "stdout" else []
    return builder.trace(), "".join(stdout)


def _lessons(*, as_json: bool) -> int:
    from engine.lesson import lessons  # reads every lesson file: only this command needs it

    rows = [
        {"id": lesson.id, "slug": lesson.slug, "title": lesson.title, "path": os.path.relpath(lesson.path)}
        for lesson in lessons()
    ]
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode())
    else:
        for row in rows:
            print(f"{row['id']:4} {row['slug']:24} {row['title']}")
    return 0


def _decoded(source: bytes) -> str:
    """The program's text; a wrong encoding becomes visible characters, which the compiler then names."""
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return source.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return source.decode("utf-8", "replace")


def _write(path: str, text: bytes) -> int:
    try:
        Path(path).write_bytes(text + b"\n")
    except OSError as error:
        print(f"backstep: cannot write {path}: {error.strerror}", file=sys.stderr)
        return CANNOT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m engine", description="Run a PyTorch program and record its autograd."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("report", "run a program and report its gradients"), ("record", "write the whole trace")):
        command = commands.add_parser(name, help=text)
        command.add_argument("program", help="a Python file")
        command.add_argument("arguments", nargs="*", help="what the program gets in sys.argv[1:]")
        command.add_argument("--json", metavar="FILE", required=name == "record", help="write JSON to this file")
        command.add_argument("--time-limit", type=_positive, default=30.0, metavar="S", help="seconds (default 30)")
        command.add_argument("--seed", type=int, help="seed for torch, NumPy and random")
        command.add_argument("--device", help="device for lesson programs, e.g. cpu or cuda")
        command.add_argument("--policy", choices=("trusted", "classroom"), default="trusted")
        command.add_argument("--lang", choices=("en", "zh"), default="en", help="language of findings")
    lessons = commands.add_parser("lessons", help="list the lessons")
    lessons.add_argument("--json", action="store_true")
    return parser


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
