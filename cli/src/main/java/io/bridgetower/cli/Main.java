package io.bridgetower.cli;

/** The {@code bridgetower} command. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
