# title: clears the modules the recorder is made of, and those of Python that it uses
# expect: error
# message: ZeroDivisionError
import contextlib, gc, os, signal, sys, threading, time, traceback, types
ours = [m for m in gc.get_objects() if type(m) is types.ModuleType and m.__name__.startswith(("engine", "msgspec"))]
for module in (*ours, os, signal, threading, time, traceback, contextlib):
    vars(module).clear()
1 / 0   # <- line to report
