# title: clears the builtins
# expect: error
# message: broke the process it ran in
import builtins
vars(builtins).clear()   # <- line to report
