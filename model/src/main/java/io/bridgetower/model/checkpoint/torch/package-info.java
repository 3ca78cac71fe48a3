/** Files of {@code torch.save}: a ZIP archive, and a pickle of which only tensors are accepted. */
package io.bridgetower.model.checkpoint.torch;
