# title: torch.save to a file (honest use)
# expect: denied|error
# message: isn't allowed|cannot be opened|Permission
import torch
m = torch.nn.Linear(2, 2)
torch.save(m.state_dict(), "model.pt")
