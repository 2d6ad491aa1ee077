# title: takes every limit down to nothing and raises
# expect: error|memory
import resource
for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_STACK):
    resource.setrlimit(kind, (0, 0))
raise ValueError([0] * 100)   # <- line to report
