"""Ids of a trace's rows: each is the row's position in its table, and no other table's."""

from __future__ import annotations

from typing import NewType

StorageId = NewType("StorageId", int)
TensorId = NewType("TensorId", int)
NodeId = NewType("NodeId", int)
CallId = NewType("CallId", int)
RunId = NewType("RunId", int)
