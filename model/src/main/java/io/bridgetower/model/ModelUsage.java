package io.bridgetower.model;

/**
 * What a model holds off the heap in addition to its weights, and what it has computed since it was loaded.
 *
 * @param workspaceBytes what calls that are running use, and finished ones have left for later ones
 * @param encodingBytes what encodings hold that are not closed
 * @param freeBytes what closed encodings have left for new ones
 * @param texts runs of the text tower on one text
 * @param images runs of the vision tower on one image
 * @param pairs runs of the cross-modal layers on one pair
 */
public record ModelUsage(
        long workspaceBytes, long encodingBytes, long freeBytes, long texts, long images, long pairs) {}
