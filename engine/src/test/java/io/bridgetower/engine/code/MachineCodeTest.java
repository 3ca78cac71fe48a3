package io.bridgetower.engine.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineCodeTest {
    private final String processor = System.getProperty("os.arch");
    private final String system = System.getProperty("os.name");

    @AfterEach
    void restore() {
        System.setProperty("os.arch", processor);
        System.setProperty("os.name", system);
    }

    @ParameterizedTest
    @CsvSource({
        "aarch64, Linux, the processor is not an x86-64",
        "riscv64, Linux, the processor is not an x86-64",
        "aarch64, Mac OS X, the processor is not an x86-64",
        "amd64, Windows 11, the system is not Linux",
        "x86_64, Mac OS X, the processor is not an x86-64"
    })
    void otherMachinesHaveNone(String processor, String system, String obstacle) {
        System.setProperty("os.arch", processor);
        System.setProperty("os.name", system);
        assertEquals(obstacle, MachineCode.obstacle());
        assertEquals(obstacle, MachineCode.obstacle("fma"));
    }
}
