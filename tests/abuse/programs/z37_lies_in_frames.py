# title: replaces the recorder's own objects by things that raise
# expect: error
# message: broke the process it ran in
import sys
frame = sys._getframe()
while frame is not None:
    for name, thing in list(frame.f_locals.items()):
        if hasattr(thing, "__dict__") and type(thing).__module__.startswith("engine"):
            for one in list(vars(thing)):
                try:
                    setattr(thing, one, None)
                except AttributeError:
                    pass
    frame = frame.f_back
1 / 0
