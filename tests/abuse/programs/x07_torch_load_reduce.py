# title: malicious pickle inside torch.load, weights_only=False
# expect: denied
import torch
import io, os
class P:
    def __reduce__(self): return (os.system, ("touch /var/tmp/ESCAPED",))
b = io.BytesIO(); torch.save(P(), b); b.seek(0)
torch.load(b, weights_only=False)
