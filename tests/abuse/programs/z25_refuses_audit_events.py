# title: refuses every audit event
# expect: error
# message: broke the process it ran in
import sys
def no(*_):
    raise RuntimeError("no")
sys.addaudithook(no)   # <- line to report
