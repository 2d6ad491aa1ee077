# title: its own excepthook fails
# expect: error
# message: ZeroDivisionError
import sys
def fails(*_): raise SystemExit(3)
sys.excepthook = fails
1 / 0   # <- line to report
