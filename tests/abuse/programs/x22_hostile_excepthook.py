# title: hooks for exceptions, exit and display that never return
# expect: timeout|error
import sys
def loop(*a):
    while True: pass
sys.excepthook = sys.unraisablehook = sys.displayhook = loop
1 / 0
