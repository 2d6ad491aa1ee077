# title: an exception whose class and attributes refuse to be read
# expect: error
# message: E: 
class M(type):
    @property
    def __name__(cls): raise KeyError
class E(Exception, metaclass=M):
    __traceback__ = __cause__ = __context__ = property(lambda self: 1 / 0)
    def __getattribute__(self, name): raise KeyError(name)
    def __setattr__(self, *_): raise KeyError
raise E("x")   # <- line to report
