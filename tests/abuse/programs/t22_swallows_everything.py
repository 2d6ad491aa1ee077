# title: swallows every exception, for ever
# expect: timeout
while True:
    try:
        while True: pass
    except BaseException: pass
