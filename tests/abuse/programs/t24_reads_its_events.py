# title: waits for input that never comes, on its own event channel
# expect: error|timeout|denied
import os
os.read(3, 10)
