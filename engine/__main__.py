"""The command line: ``python -m engine report|record|lessons``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec

from engine.contract.assemble import TraceBuilder
from engine.contract.codec import FrameTooLarge, Job, frame, trace_to_json
from engine.contract.events import Printed
from engine.contract.policy import limits_of
from engine.contract.trace import Limits, Program, Trace
from engine.gradients.central_differences import MOST_ITEMS
from engine.report import readable, report
from engine.running.processes.fresh import FreshBackend
from engine.running.processes.process import BackendError
from engine.running.pump import Pump
from engine.running.runner import Runner
from engine.running.tee import Tee

CANNOT = 2  # exit status for a wrong command
INTERRUPTED = 130
MAX_TIME_S = 10_000_000
DIED = ("crash", "vanished", "error")  # not killed by us; error: by Ctrl+C


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
    limits = Limits(time_s=arguments.time_limit, numeric_items=MOST_ITEMS if arguments.numeric else 0)
    try:
        run = _confined(program, limits) if arguments.policy == "classroom" else _trusted(program, limits)
    except (BackendError, FrameTooLarge) as error:
        print(f"backstep: {error}", file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        return INTERRUPTED  # before the program began, or while its report was made
    status = _tell(run, arguments)
    return status if status else _end_alike(run)


class Run(NamedTuple):
    """A program's run, as the command line needs it."""

    trace: Trace
    stdout: str
    signal: int = 0  # that the program's process died of


def _tell(run: Run, arguments: argparse.Namespace) -> int:
    """Write what was asked for; returns CANNOT when that failed."""
    if arguments.command == "record":
        return _write(arguments.json, trace_to_json(run.trace))
    if arguments.json:
        return _write(
            arguments.json,
            msgspec.json.format(msgspec.json.encode(report(run.trace, run.stdout, arguments.lang)), indent=1),
        )
    sys.stderr.write(readable(run.trace, arguments.lang))
    return 0


def _end_alike(run: Run) -> int:
    """The program's exit status; a death by signal is died again, so that shells and scripts see the same."""
    if run.signal and os.name == "posix":
        sys.stderr.flush()
        _without_core()
        signal.signal(run.signal, signal.SIG_DFL)
        os.kill(os.getpid(), run.signal)
    return run.trace.exit_status


def _without_core() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _trusted(program: Program, limits: Limits) -> Run:
    """Run as ``python PROGRAM`` would, output passed through as it comes."""
    job = Job(program, limits, reseed=False, is_live=sys.stdout.isatty())
    process = FreshBackend(stdin=None).launch(frame(job))
    output = Tee()
    pump = Pump(process, limits, program.filename, raw=output.write)
    earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the program, which ends by it
    builder = TraceBuilder(program, limits)
    try:
        for event in pump.events():
            builder.add(event)
    finally:
        signal.signal(signal.SIGINT, earlier)
    trace = builder.trace()
    status = pump.exit.status if pump.exit is not None else None
    died_of = -status if status is not None and status < 0 and trace.ending in DIED else 0
    return Run(trace, output.text(), died_of)


def _confined(program: Program, limits: Limits) -> Run:
    """Run as the app does for a class: confined, without stdin, without a folder of its own."""
    limits = msgspec.structs.replace(limits_of("classroom"), time_s=limits.time_s)
    program = msgspec.structs.replace(program, filename=Path(program.filename).name)
    builder, output = TraceBuilder(program, limits), Tee()
    with Runner(policy="classroom") as runner:
        for event in runner.submit(program, limits, "report"):
            builder.add(event)
            if isinstance(event, Printed):
                output.write(event.stream, event.text.encode())
    return Run(builder.trace(), output.text())


def _lessons(*, as_json: bool) -> int:
    from engine.program.lesson import lessons  # reads every lesson file: only this command needs it

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
        command.add_argument("--numeric", action="store_true", help="check small leaves by central differences")
        command.add_argument("--lang", choices=("en", "zh"), default="en", help="language of findings")
    lessons = commands.add_parser("lessons", help="list the lessons")
    lessons.add_argument("--json", action="store_true")
    return parser


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number <= MAX_TIME_S:
        raise argparse.ArgumentTypeError(f"must be more than 0 and at most {MAX_TIME_S}")
    return number


if __name__ == "__main__":
    sys.exit(main())
