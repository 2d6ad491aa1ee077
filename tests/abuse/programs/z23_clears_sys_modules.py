# title: clears sys.modules and goes on
# expect: error
# message: broke the process it ran in
import sys
sys.modules.clear()
x = 1   # <- line to report
