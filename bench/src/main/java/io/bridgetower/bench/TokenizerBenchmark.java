package io.bridgetower.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.bridgetower.processor.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** A thousand captions on one thread, by our tokenizer and by Hugging Face's, which DJL calls through JNI. */
@State(Scope.Benchmark)
public class TokenizerBenchmark {
    /** Directory of a tokenizer. */
    @Param("")
    public String tokenizer;

    private final List<String> captions = Captions.make(1000);
    private Tokenizer ours;
    private HuggingFaceTokenizer peer;

    @Setup
    public void setUp() throws IOException {
        // Without these the library counts its users and looks for a newer native part.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("DJL_OFFLINE", "true");
        System.setProperty(
                "DJL_CACHE_DIR", Path.of("target", "djl").toAbsolutePath().toString());
        ours = Tokenizer.load(Path.of(tokenizer));
        peer = HuggingFaceTokenizer.builder()
                .optTokenizerPath(Path.of(tokenizer, "tokenizer.json"))
                .optTruncation(false)
                .build();
    }

    @Benchmark
    public void single(Blackhole hole) {
        for (String caption : captions) hole.consume(ours.encode(caption).ids());
    }

    @Benchmark
    public void singlePeer(Blackhole hole) {
        for (String caption : captions) hole.consume(peer.encode(caption).getIds());
    }

    @Benchmark
    public Object batch() {
        return ours.encodeBatch(captions).inputIds();
    }

    @Benchmark
    public Object batchPeer() {
        return peer.batchEncode(captions);
    }

    @TearDown
    public void tearDown() {
        peer.close();
    }
}
