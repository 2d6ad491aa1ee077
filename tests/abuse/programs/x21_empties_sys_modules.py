# title: empties sys.modules, sys.path and the garbage collector
# expect: ok|error
import gc, sys
gc.disable(); sys.path.clear(); sys.meta_path.clear(); sys.path_hooks.clear()
for name in list(sys.modules): sys.modules[name] = None
