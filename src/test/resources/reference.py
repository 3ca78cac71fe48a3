"""Scores an image against texts with Transformers, and saves model and processor again.

usage: reference.py MODEL OUTPUT IMAGE TEXT...; prints one JSON array of logits for each text.
"""

import json
import sys

import torch
import transformers
from PIL import Image

transformers.logging.set_verbosity_error()
model_directory, output, image_file, *texts = sys.argv[1:]
processor = transformers.BridgeTowerProcessor.from_pretrained(model_directory)
model = transformers.BridgeTowerForImageAndTextRetrieval.from_pretrained(model_directory, dtype=torch.float32).eval()
image = Image.open(image_file).convert("RGB")
with torch.no_grad():
    logits = [model(**processor(image, text, return_tensors="pt")).logits[0].tolist() for text in texts]
processor.save_pretrained(output)
model.save_pretrained(output)
model.half().save_pretrained(output + "-half", variant="fp16")
processor.save_pretrained(output + "-half")
print(json.dumps(logits))
