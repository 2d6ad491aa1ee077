import copy, io, pickle
import torch
class Config:
    rate = 0.1
model = torch.nn.Linear(2, 1)
with torch.no_grad():
    model.weight.fill_(1.0)
    model.bias.zero_()
buffer = io.BytesIO()
torch.save(model.state_dict(), buffer)
buffer.seek(0)
print(torch.load(buffer))
twin = copy.deepcopy(model)
twin(torch.ones(2)).backward()
print(twin.weight.grad, model.weight.grad, pickle.loads(pickle.dumps(Config)).rate, Config.__module__)
