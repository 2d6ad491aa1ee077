# title: an exception with an attribute that the recorder once took for its own
# expect: error
# message: Story: once upon
class Story(BaseException):
    ending = "sad"
    line = "twelve"
raise Story("once upon")   # <- line to report
