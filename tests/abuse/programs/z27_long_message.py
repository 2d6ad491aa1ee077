# title: raises an exception of 300 MB
# expect: error
# message: ValueError: xxxx
raise ValueError("x" * 300_000_000)   # <- line to report
