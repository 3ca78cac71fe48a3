package io.bridgetower.testing;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Its own Java virtual machine for a main method: with a small heap, other options, or nothing compiled yet. */
public final class ForkedJvm {
    private final Class<?> main;
    private final Set<String> classPath = new LinkedHashSet<>();
    private final List<String> options = new ArrayList<>();
    private boolean vectorModule = true;
    private String rootModule;

    /** @param main class whose main method runs, with the class path and module path of this virtual machine */
    public ForkedJvm(Class<?> main) {
        this.main = main;
        classPath.add(root(main));
        for (String path : List.of("jdk.module.path", "java.class.path")) {
            classPath.addAll(List.of(System.getProperty(path, "").split(File.pathSeparator)));
        }
        classPath.remove("");
    }

    /** Adds options of the virtual machine. */
    public ForkedJvm option(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Limits the heap and direct buffers to so many megabytes each. */
    public ForkedJvm megabytes(int limit) {
        return option("-Xmx" + limit + "m", "-XX:MaxDirectMemorySize=" + limit + "m", "-XX:+UseSerialGC");
    }

    /** Leaves out the option that adds the module for vectors. */
    public ForkedJvm withoutVectorModule() {
        vectorModule = false;
        return this;
    }

    /**
     * Moves modules of the class path to the module path. The main class stays on the class path.
     *
     * @param root is resolved, with what it requires
     */
    public ForkedJvm onModulePath(String root) {
        rootModule = root;
        return this;
    }

    /**
     * Runs to the end.
     *
     * @return what it printed, to both streams
     * @throws AssertionError with what it printed, if it exits with another status than 0
     */
    public String run(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (vectorModule) command.add("--add-modules=jdk.incubator.vector");
        command.addAll(options);
        List<String> modules = rootModule == null ? List.of() : modules();
        if (rootModule != null) {
            command.addAll(
                    List.of("--module-path", String.join(File.pathSeparator, modules), "--add-modules=" + rootModule));
        }
        List<String> classes =
                classPath.stream().filter(path -> !modules.contains(path)).toList();
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classes), main.getName()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) throw new AssertionError("exit status " + status + ": " + output);
            return output;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
    }

    /** Places of modules: those with a descriptor, and those without one that these require by their names. */
    private List<String> modules() {
        Map<String, ModuleDescriptor> found = new LinkedHashMap<>();
        for (String path : classPath) {
            ModuleFinder.of(Path.of(path)).findAll().forEach(module -> found.put(path, module.descriptor()));
        }
        Set<String> required = found.values().stream()
                .filter(module -> !module.isAutomatic())
                .flatMap(module -> module.requires().stream())
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toSet());
        return found.entrySet().stream()
                .filter(entry -> !entry.getValue().isAutomatic()
                        || required.contains(entry.getValue().name()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The directory or archive that a class comes from, also where tests are patched into a module. */
    private static String root(Class<?> type) {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        String place = type.getResource(name).toString();
        String root = place.substring(0, place.length() - name.length());
        if (root.startsWith("jar:")) root = root.substring("jar:".length(), root.length() - 1);
        return Path.of(URI.create(root)).toString();
    }
}
