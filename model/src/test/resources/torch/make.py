"""Makes the files beside it, with torch 1.13."""

from collections import OrderedDict

import torch

base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
views = OrderedDict(
    whole=base,
    row=base[1],
    column=base[:, 2],
    transposed=base.t(),
    corner=base[1:3, 2:5],
    steps=base[::2, ::3],
    expanded=torch.tensor([7.0]).expand(2, 3),
    scalar=torch.tensor(3.5),
    empty=torch.empty(0, 4),
    parameter=torch.nn.Parameter(torch.full((2, 2), 0.5)),
    channels_last=torch.arange(16.0).reshape(1, 2, 2, 4).contiguous(memory_format=torch.channels_last),
)
torch.save(views, "views.bin")

names = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split()
types = {name: torch.tensor([0, 1, 2, 100]).to(getattr(torch, name)) for name in names}
torch.save(types, "types.bin")
torch.save(types, "protocol4.bin", pickle_protocol=4)
torch.save(types, "legacy.bin", _use_new_zipfile_serialization=False)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.bridgetower = torch.nn.Linear(3, 2)
        self.LayerNorm = torch.nn.LayerNorm(2)
        self.register_buffer("position_ids", torch.arange(5).expand((1, -1)))


torch.manual_seed(0)
model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
model.bridgetower(torch.randn(4, 3)).sum().backward()
optimizer.step()
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
trainer = {
    "epoch": 3,
    "global_step": 10**12,
    "best": float("inf"),
    "state_dict": torch.nn.DataParallel(model).state_dict(),
    "optimizer": optimizer.state_dict(),
    "schedule": schedule.state_dict(),
    "random": torch.get_rng_state()[:16],
    "args": None,
    "done": True,
}
torch.save(trainer, "trainer.bin")
torch.save(model, "module.bin")
torch.save({"sparse": base.to_sparse()}, "sparse.bin")
torch.save({"state_dict": model.state_dict(), "size": base.shape}, "size.bin")
