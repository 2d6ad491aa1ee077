# title: deletes sys.modules, sys.path, its streams, and divides by zero
# expect: error
# message: ZeroDivisionError: division by zero
import sys
del sys.modules, sys.path, sys.stdout, sys.stderr, sys.argv
1 / 0   # <- line to report
