import numpy as np
import torch

torch.manual_seed(0)
images = torch.randint(0, 255, (4, 6)).float()
fc = torch.nn.Linear(6, 2)
loss = fc(images).pow(2).mean()
pixels = np.asarray(images)
pixels /= 255.0
loss.backward()
print(fc.weight.grad.norm())

# expect: silent-wrong-gradient line=9 tensor=images
