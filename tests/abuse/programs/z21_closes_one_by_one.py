# title: closes descriptors one by one in a function
# expect: error
# message: broke the process it ran in
import os
def close_all():
    for number in range(300):
        try:
            os.close(number)   # <- line to report
        except OSError:
            pass
close_all()
