# title: raises an exception whose class has a name of 100 MB
# expect: error
# message: EEEE
raise type("E" * 100_000_000, (Exception,), {})()   # <- line to report
