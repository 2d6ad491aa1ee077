# title: a regular expression that takes ages inside one C call
# expect: timeout
# message: still running after|didn't finish within
import re
re.match(r"(a+)+$", "a" * 60 + "b")   # <- line to report
