# title: closes every descriptor, its own event channel too
# expect: error
# message: broke the process it ran in
import os
os.closerange(0, 10_000)   # <- line to report
