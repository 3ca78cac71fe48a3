package io.bridgetower.search.index;

import io.bridgetower.files.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
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

/** The kinds of items as documents of Lucene. Each has its own field for vectors, and so its own graph. */
enum Kind {
    IMAGE("image"),
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
            case IndexedImage _ -> IMAGE;
            case Caption _ -> CAPTION;
        };
    }

    /** The terms of the documents that an item may be stored in, that of {@link #document} first. */
    static List<Term> ids(Item item, ImageRoot root) {
        return switch (item) {
            case IndexedImage image -> root.names(image).stream().map(IMAGE::id).toList();
            case Caption caption -> List.of(CAPTION.id(caption.text()));
        };
    }

    /** A hash, for the length of a term is bounded and that of a text is not. */
    private Term id(String name) {
        MessageDigest hash = Sha256.digest();
        hash.update((field + "\n" + name).getBytes(StandardCharsets.UTF_8));
        return new Term(ID, new BytesRef(hash.digest()));
    }

    static Document document(Item item, ImageRoot root, float[] vector) {
        Kind kind = of(item);
        Document document = new Document();
        String name = item instanceof IndexedImage image ? root.name(image) : item.toString();
        document.add(new StringField(ID, kind.id(name).bytes(), Field.Store.NO));
        document.add(new StringField(KIND, kind.field, Field.Store.NO));
        document.add(new KnnFloatVectorField(kind.field, vector, VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new StoredField(NAME, name));
        if (item instanceof IndexedImage image) {
            document.add(new StoredField(BYTES, image.bytes()));
            document.add(new StoredField(MODIFIED, image.modified()));
        }
        return document;
    }

    /** The item of a document of this kind. */
    Item item(Document document, ImageRoot root) {
        String name = document.get(NAME);
        return switch (this) {
            case IMAGE -> new IndexedImage(root.path(name), number(document, BYTES), number(document, MODIFIED));
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
