package io.bridgetower.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends matching requests to a server, each with a new image and a text, and prints how long they took.
 *
 * <p>Arguments: the server's address, seconds, and either {@code clients=N}, each of which sends its next request when it has an
 * answer and {@code Retry-After} is over, or {@code rate=R} requests a second at random times, whatever the server does; then
 * {@code side=PIXELS} of the images. Each minute it prints how much memory the server has, by its metrics.
 */
public final class ServerLoad {
    private static final int MAX_IN_FLIGHT = 5000;

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** Behind the head of the file. */
    private static final int PIXELS_AT = 64;

    private static final int DIGITS = 3;

    private final URI address;

    /** A body to be copied: to make each anew would take time from a server on the same processor. */
    private final byte[] template;

    /** Where the text has a number. */
    private final int numberAt;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Integer, List<Double>> seconds = new TreeMap<>();

    private ServerLoad(URI address, int side) {
        this.address = address;
        String body = template(side);
        template = body.getBytes(StandardCharsets.US_ASCII);
        numberAt = body.indexOf("0".repeat(DIGITS) + " of");
    }

    /** Runs the load and prints what came of it. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length < 3) {
            throw new IllegalArgumentException("expected ADDRESS SECONDS clients=N|rate=R [side=PIXELS]");
        }
        int side = args.length > 3 ? Integer.parseInt(args[3].substring("side=".length())) : 288;
        run(URI.create(args[0]), Double.parseDouble(args[1]), args[2], side, System.out);
    }

    static void run(URI address, double duration, String load, int side, PrintStream out) throws InterruptedException {
        ServerLoad run = new ServerLoad(address.resolve("/v1/match"), side);
        double value = Double.parseDouble(load.substring(load.indexOf('=') + 1));
        long start = System.nanoTime(), end = start + (long) (duration * 1e9);
        Thread memory = Thread.ofVirtual().start(() -> run.printMemory(address.resolve("/metrics"), out));
        if (load.startsWith("clients=")) run.clients((int) value, end);
        else run.rate(value, end);
        memory.interrupt();
        memory.join();
        run.print((System.nanoTime() - start) / 1e9, out);
        run.client.close();
    }

    private void clients(int count, long end) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    while (System.nanoTime() < end) {
                        long pause = TimeUnit.SECONDS.toNanos(send());
                        TimeUnit.NANOSECONDS.sleep(Math.min(pause, end - System.nanoTime()));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) thread.join();
    }

    private void rate(double perSecond, long end) throws InterruptedException {
        Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
        for (long next = System.nanoTime(); next < end; ) {
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            inFlight.acquire();
            Thread.ofVirtual().start(() -> {
                try {
                    send();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                inFlight.release();
            });
            next += (long) (-Math.log(1 - ThreadLocalRandom.current().nextDouble()) / perSecond * 1e9);
        }
        inFlight.acquire(MAX_IN_FLIGHT);
    }

    /** Prints the server's memory now and after each minute, until it is interrupted. */
    private void printMemory(URI metrics, PrintStream out) {
        try {
            for (int minute = 0; ; minute++) {
                HttpRequest request = HttpRequest.newBuilder(metrics).build();
                String body = client.send(request, BodyHandlers.ofString()).body();
                out.printf(
                        Locale.ROOT,
                        "minute %d: %.0f MB resident, %.0f MB of the heap%n",
                        minute,
                        value(body, "process_resident_memory_bytes") / 1e6,
                        value(body, "jvm_memory_used_bytes") / 1e6);
                TimeUnit.MINUTES.sleep(1);
            }
        } catch (IOException e) {
            out.println("no metrics: " + e);
        } catch (InterruptedException e) {
            // The load is over.
        }
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Returns the seconds after which the server asks to send the next one; 0 if it does not. */
    private long send() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body()))
                .build();
        long start = System.nanoTime(), pause = 0;
        int status;
        try {
            HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
            status = response.statusCode();
            pause = response.headers().firstValueAsLong("Retry-After").orElse(0);
        } catch (IOException e) {
            status = 0;
        }
        synchronized (seconds) {
            seconds.computeIfAbsent(status, _ -> new ArrayList<>()).add((System.nanoTime() - start) / 1e9);
        }
        return pause;
    }

    /** A request with a PPM file that no cache knows, not of an earlier run either. */
    private byte[] body() {
        byte[] body = template.clone();
        long seed = ThreadLocalRandom.current().nextLong();
        // Digits of Base64 in the midst of the pixels, 6 bits each, and those of the number in the text.
        for (int i = 0; i < Long.SIZE / 6; i++) {
            body[PIXELS_AT + i] = (byte) BASE64.charAt((int) (seed >>> 6 * i) & 63);
        }
        long number = seed >>> 1;
        for (int at = numberAt + DIGITS; at-- > numberAt; number /= 10) body[at] = (byte) ('0' + number % 10);
        return body;
    }

    private static String template(int side) {
        byte[] head = ("P6 " + side + " " + side + " 255\n").getBytes(StandardCharsets.US_ASCII);
        byte[] image = Arrays.copyOf(head, head.length + 3 * side * side);
        return "{\"images\":\"" + Base64.getEncoder().encodeToString(image) + "\",\"texts\":\"a photo of number "
                + "0".repeat(DIGITS) + " of a small town at night\"}";
    }

    private void print(double duration, PrintStream out) {
        synchronized (seconds) {
            seconds.forEach((status, times) -> {
                Collections.sort(times);
                out.printf(
                        Locale.ROOT,
                        "status %d: %d requests, %.2f a second; p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms%n",
                        status,
                        times.size(),
                        times.size() / duration,
                        1000 * percentile(times, 0.5),
                        1000 * percentile(times, 0.9),
                        1000 * percentile(times, 0.99),
                        1000 * times.getLast());
            });
        }
    }

    private static double percentile(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }
}
