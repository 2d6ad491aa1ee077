# title: refuses every audit event, then raises from inside a function
# expect: error
# message: ZeroDivisionError: division by zero
import sys
def no(*_):
    raise BaseException("no")
def f():
    return 1 / 0
sys.addaudithook(no)
f()   # <- line to report
