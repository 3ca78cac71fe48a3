package io.bridgetower.cli.evaluate;

import io.bridgetower.cli.terminal.Failure;
import io.bridgetower.files.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Images and their captions, as in Karpathy's files {@code dataset_flickr30k.json} and {@code dataset_coco.json}.
 *
 * @param captions of all images, those of the first image first
 * @param owners for each caption the index of its image
 */
record RetrievalData(List<Path> images, List<String> captions, int[] owners) {
    /**
     * Reads a part of a data set.
     *
     * @param split the images of which {@code split} to take
     * @throws Failure if there is none
     */
    static RetrievalData read(Path file, String split, ImageFolder folder) throws IOException, Failure {
        List<Path> images = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        DataSetFile.read(file, "images", null, image -> {
            if (!split.equals(image.text("split"))) return;
            String name = image.text("filename"), below = image.textOrNull("filepath");
            List<?> sentences = image.list("sentences");
            if (sentences.isEmpty()) throw image.wrong("sentences", "one or more sentences");
            for (int i = 0; i < sentences.size(); i++) {
                String place = image.place() + ".sentences[" + i + "]";
                captions.add(Fields.of(file, place, sentences.get(i)).text("raw"));
                owners.add(images.size());
            }
            images.add(folder.find(below == null ? List.of(name) : List.of(below + "/" + name, name)));
        });
        if (images.isEmpty())
            throw new Failure(new MalformedFileException(file, "images", "none of split " + split).getMessage());
        return new RetrievalData(
                images, captions, owners.stream().mapToInt(Integer::intValue).toArray());
    }
}
