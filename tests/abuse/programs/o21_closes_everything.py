# title: closes every descriptor, its own event channel too
# expect: ok|error|vanished|sandbox
import os
os.closerange(0, 10_000)
