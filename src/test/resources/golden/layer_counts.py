"""Makes the folders of COUNTS beside it, with torch 2.13 and transformers 5.18."""

import pathlib

import torch
from safetensors.torch import save_file
from transformers import (
    BridgeTowerConfig,
    BridgeTowerForContrastiveLearning,
    BridgeTowerForImageAndTextRetrieval,
    BridgeTowerForMaskedLM,
)

HERE = pathlib.Path(__file__).parent

# Name: text layers, vision blocks, remove_last_layer, cross-modal layers.
COUNTS = {
    "one_cross_layer": (2, 1, False, 1),
    "no_vision_block": (2, 1, True, 1),
    "no_text_layer": (0, 1, False, 1),
    "all_layers_bridged": (1, 1, False, 2),
}


def config(layers, blocks, removed, cross):
    return BridgeTowerConfig(
        hidden_size=64,
        num_hidden_layers=cross,
        num_attention_heads=2,
        contrastive_hidden_size=12,
        logit_scale_init_value=2.6592,
        text_config=dict(
            vocab_size=30,
            hidden_size=64,
            num_hidden_layers=layers,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=12,
            type_vocab_size=1,
        ),
        vision_config=dict(
            hidden_size=64, num_hidden_layers=blocks, patch_size=8, image_size=16, remove_last_layer=removed
        ),
    )


def run(model, weights, inputs, **options):
    model.load_state_dict(weights, strict=False)
    with torch.no_grad():
        return model.double().eval()(**inputs, **options)


for name, counts in COUNTS.items():
    torch.manual_seed(7)
    models = [
        kind(config(*counts))
        for kind in (
            BridgeTowerForImageAndTextRetrieval,
            BridgeTowerForMaskedLM,
            BridgeTowerForContrastiveLearning,
        )
    ]
    weights = {}
    for model in models:
        for key, value in model.named_parameters():
            weights.setdefault(key, (value.detach() + 0.1 * torch.randn(value.shape)).bfloat16())
    inputs = dict(
        input_ids=torch.tensor([[0, 7, 9, 21, 2], [0, 11, 2, 1, 1], [0, 4, 29, 2, 1]]),
        attention_mask=torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 0]]),
        pixel_values=torch.randn(3, 3, 16, 16),
    )
    doubles = {key: value.double() if value.is_floating_point() else value for key, value in inputs.items()}
    labels = {
        "itm.labels": torch.tensor([1, 0, 1]),
        "mlm.labels": torch.tensor([[0, 7, -100, 21, 2], [0, 11, 2, -100, -100], [0, 4, 29, 2, -100]]),
    }
    itm, mlm, itc = models
    trunk = {key.removeprefix("bridgetower."): value for key, value in weights.items()}
    features = run(itm.bridgetower, trunk, doubles, output_hidden_states=True)
    outputs = dict(
        text_features=features.text_features,
        image_features=features.image_features,
        pooler_output=features.pooler_output,
    )
    outputs |= {f"hidden_states.text.{i}": state for i, state in enumerate(features.hidden_states[0])}
    # The vision tower puts tokens before the batch.
    outputs |= {f"hidden_states.image.{i}": state.permute(1, 0, 2) for i, state in enumerate(features.hidden_states[1])}
    for i, states in enumerate(features.hidden_states[2]):
        outputs |= {f"hidden_states.cross.{i}.{side}": state for side, state in zip(("text", "image"), states)}
    matching = run(itm, weights, doubles, labels=labels["itm.labels"])
    words = run(mlm, weights, doubles, labels=labels["mlm.labels"])
    embeddings = run(itc, weights, doubles, return_loss=True)
    outputs |= {
        "itm.logits": matching.logits,
        "itm.loss": matching.loss,
        "mlm.logits": words.logits,
        "mlm.loss": words.loss,
        "itc.logits": embeddings.logits,
        "itc.loss": embeddings.loss,
        "itc.text_embeds": embeddings.text_embeds,
        "itc.image_embeds": embeddings.image_embeds,
        "itc.cross_embeds": embeddings.cross_embeds,
    }
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    itc.config.save_pretrained(folder)
    save_file(weights, folder / "model.safetensors")
    save_file(inputs | labels, folder / "inputs.safetensors")
    save_file({key: value.float().contiguous() for key, value in outputs.items()}, folder / "outputs.safetensors")
