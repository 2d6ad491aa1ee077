# title: torch.hub download
# expect: denied|error
import torch
m = torch.hub.load("pytorch/vision", "resnet18")
