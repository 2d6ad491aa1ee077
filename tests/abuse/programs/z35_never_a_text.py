# title: leaves by an exit code that cannot be read
# expect: exit|error
class Code:
    def __str__(self): raise KeyboardInterrupt
    __repr__ = __str__
raise SystemExit(Code())   # <- line to report
