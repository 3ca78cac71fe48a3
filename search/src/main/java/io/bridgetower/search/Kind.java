package io.bridgetower.search;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** The kinds of items as documents of Lucene. Each has a field of its own for vectors, and so a graph of its own. */
enum Kind {
    PICTURE("picture"),
    CAPTION("caption");

    private static final String ID = "id";
    private static final String KIND = "kind";
    private static final String NAME = "name";
    private static final String BYTES = "bytes";
    private static final String MODIFIED = "modified";

    private final String field;

    Kind(String field) {
        this.field = field;
    }

    static Kind of(Item item) {
        return switch (item) {
            case Picture _ -> PICTURE;
            case Caption _ -> CAPTION;
        };
    }

    /** The one document of an item. A hash, for the length of a term is bounded and that of a text is not. */
    static Term id(Item item) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update((of(item).field + "\n" + item).getBytes(StandardCharsets.UTF_8));
            return new Term(ID, new BytesRef(hash.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    static Document document(Item item, float[] vector) {
        Kind kind = of(item);
        Document document = new Document();
        document.add(new StringField(ID, id(item).bytes(), Field.Store.NO));
        document.add(new StringField(KIND, kind.field, Field.Store.NO));
        document.add(new KnnFloatVectorField(kind.field, vector, VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new StoredField(NAME, item.toString()));
        if (item instanceof Picture picture) {
            document.add(new StoredField(BYTES, picture.bytes()));
            document.add(new StoredField(MODIFIED, picture.modified()));
        }
        return document;
    }

    /** The item of a document of this kind. */
    Item item(Document document) {
        String name = document.get(NAME);
        return switch (this) {
            case PICTURE -> new Picture(Path.of(name), number(document, BYTES), number(document, MODIFIED));
            case CAPTION -> new Caption(name);
        };
    }

    /** Where its vectors are. */
    String field() {
        return field;
    }

    /** Finds all documents of this kind. */
    Query all() {
        return new TermQuery(new Term(KIND, field));
    }

    private static long number(Document document, String name) {
        return document.getField(name).numericValue().longValue();
    }
}
