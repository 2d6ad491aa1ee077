# title: empties every dictionary, list and set there is
# expect: ok|error|crash|vanished
import gc
for thing in gc.get_objects():
    if type(thing) in (dict, list, set):
        thing.clear()
