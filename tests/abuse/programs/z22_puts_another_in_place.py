# title: puts another descriptor in the place of the recorder's
# expect: error
# message: broke the process it ran in
import os
os.dup2(0, 3)   # <- line to report
