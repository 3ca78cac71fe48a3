package io.bridgetower.spark.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** A standalone master and two workers with a core each, as processes, from the jars that Maven has downloaded. */
final class LocalCluster implements AutoCloseable {
    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(4);

    private final Path directory;
    private final List<Process> workers = new ArrayList<>();
    private final Process master;
    private final String url;

    LocalCluster(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Path jars = Files.createDirectories(directory.resolve("home/jars"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            boolean ours = entry.matches(".*(bridgetower|picocli|fastcsv|junit|surefire|opentest4j|apiguardian).*");
            if (entry.endsWith(".jar") && !ours) Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
        }
        master = start(
                "master",
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0");
        url = awaitLine("master", MASTER);
        for (String name : List.of("worker1", "worker2")) {
            workers.add(start(
                    name,
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "0",
                    "--webui-port",
                    "0",
                    "--cores",
                    "1",
                    "--memory",
                    "2g",
                    "--work-dir",
                    directory.resolve(name).toString(),
                    url));
        }
    }

    /** Begins what {@code spark-submit} runs, with further arguments. */
    Process submit(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                url,
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--conf",
                "spark.driver.bindAddress=127.0.0.1"));
        all.addAll(arguments);
        return start("submit", all.toArray(String[]::new));
    }

    /** The processes of executors that are alive. */
    List<ProcessHandle> executors() {
        return workers.stream().flatMap(worker -> worker.toHandle().children()).toList();
    }

    /** What a process has said. */
    String log(String name) throws IOException {
        return Files.readString(directory.resolve(name + ".log"));
    }

    /** Waits for something that the cluster does, and looks ten times a second. */
    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > TIMEOUT_NANOS) throw new AssertionError("never: " + what);
            Thread.sleep(100);
        }
    }

    /** Something that becomes true. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    private String awaitLine(String name, Pattern pattern) throws IOException, InterruptedException {
        String[] found = new String[1];
        await(name + " says " + pattern, () -> {
            Matcher matcher = pattern.matcher(log(name));
            if (matcher.find()) found[0] = matcher.group(1);
            return found[0] != null;
        });
        return found[0];
    }

    private Process start(String name, String... command) throws IOException {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.add("-Xmx1g");
        java.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
        java.addAll(List.of("-cp", directory.resolve("home/jars") + "/*"));
        java.addAll(Arrays.asList(command));
        Path empty = Files.createDirectories(directory.resolve(name + "-empty"));
        ProcessBuilder process = new ProcessBuilder(java)
                .directory(empty.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().put("SPARK_HOME", directory.resolve("home").toString());
        process.environment().put("SPARK_SCALA_VERSION", "2.13");
        process.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return process.start();
    }

    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(workers.stream(), Stream.of(master))
                .flatMap(process -> Stream.concat(process.toHandle().descendants(), Stream.of(process.toHandle())))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }
}
