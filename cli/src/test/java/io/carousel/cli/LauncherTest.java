package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code carousel} in a made-up house: its {@code java} and {@code mvn} are scripts that tell what
 * they were asked for, and the usual places of JDKs are one empty folder.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "carousel");
  private static final String SEARCHED = "(?s)(for jdk in).*?(; do)";

  @TempDir private Path root;
  private Path house;
  private Path jdks;
  private Path jar;

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void build() throws IOException {
    house = Files.createDirectories(root.resolve("a house"));
    jdks = Files.createDirectories(root.resolve("jdks"));
    jar = house.resolve("cli/target/carousel-cli.jar");
    Files.createDirectories(jar.getParent());
    Files.createFile(jar);
    Files.createFile(Files.createDirectories(jar.resolveSibling("lib")).resolve("carousel-core.jar"));
    String script = Files.readString(SCRIPT);
    assertThat(script).containsPattern(SEARCHED);
    program(house.resolve("carousel"), script.replaceFirst(SEARCHED, "$1 \"" + jdks + "\"/*$2"));
  }

  @Test
  void startsTheJarWithTheArgumentsAsTheyAre() throws Exception {
    jdk("good", "25.0.3");
    Outcome outcome = launch(Map.of(), "predict", "--text", "two  words * $HOME");
    assertThat(outcome.out).endsWith("<-jar>\n<" + jar + ">\n<predict>\n<--text>\n<two  words * $HOME>\n");
    assertThat(outcome.err).isEmpty();
  }

  @Test
  void passesTheExitCodeOn() throws Exception {
    program(jdk("good", "25.0.3").resolve("bin/java"), "#!/bin/sh\nexit 7\n");
    assertThat(launch(Map.of()).code).isEqualTo(7);
  }

  @Test
  void becomesTheJvmSoThatSignalsReachIt() throws Exception {
    program(jdk("good", "25.0.3").resolve("bin/java"), "#!/bin/sh\necho $$\n");
    Process process = process(house.resolve("carousel"), Map.of());
    process.waitFor();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo(Long.toString(process.pid()));
  }

  @Test
  void worksThroughLinks() throws Exception {
    jdk("good", "25.0.3");
    Path bin = Files.createDirectories(root.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("far"), house.resolve("carousel"));
    Files.createSymbolicLink(bin.resolve("near"), Path.of("far"));
    Outcome outcome = finish(process(bin.resolve("near"), Map.of(), "summary"));
    assertThat(outcome.out).endsWith("<" + jar.toRealPath() + ">\n<summary>\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"25.0.3", "25.0.10", "25.0.3.1", "25.1.0"})
  void takesAGoodJdk(String version) throws Exception {
    jdk("good", version);
    assertThat(launch(Map.of()).code).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "25", "25.0.2", "25.0.1.1", "26", "26.0.3", "8"})
  void refusesAnyOtherInOneLineThatSaysWhatToInstall(String version) throws Exception {
    jdk("other", version);
    Outcome outcome = launch(Map.of());
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.out).isEmpty();
    assertThat(outcome.err).hasLineCount(1).contains("needs JDK 25 (25.0.3 or later)", "found " + version, "Temurin");
  }

  @Test
  void saysSoWhereThereIsNoJdk() throws Exception {
    Outcome outcome = launch(Map.of());
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.err).hasLineCount(1).contains("found no JDK", "install it");
  }

  @Test
  void prefersTheNamedJdkThenJavaHomeThenThePathAndPassesOverOldOnes() throws Exception {
    Path named = jdk("named", "25.0.4");
    Path javaHome = jdk("home", "25.0.4");
    Path onPath = jdk("path", "25.0.4");
    Path old = jdk("old", "21.0.2");
    String path = onPath.resolve("bin") + ":" + tools();
    assertThat(launched(Map.of("PATH", path, "JAVA_HOME", javaHome + "/", "CAROUSEL_JAVA", named.toString())))
        .isEqualTo("named");
    assertThat(launched(Map.of("CAROUSEL_JAVA", named.resolve("bin/java").toString()))).isEqualTo("named");
    assertThat(launched(Map.of("PATH", path, "JAVA_HOME", javaHome.toString()))).isEqualTo("home");
    assertThat(launched(Map.of("PATH", path, "JAVA_HOME", old.toString()))).isEqualTo("path");
  }

  @Test
  void doesNotPassOverANamedJdk() throws Exception {
    jdk("good", "25.0.3");
    Outcome outcome = launch(Map.of("CAROUSEL_JAVA", jdk("old", "21.0.2").toString()));
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.err).hasLineCount(1).contains("CAROUSEL_JAVA must be a JDK 25", "got 21.0.2");
  }

  @Test
  void givesTheUsersOptionsTheLastWord() throws Exception {
    jdk("good", "25.0.3");
    List<String> words = launch(Map.of("CAROUSEL_JAVA_OPTIONS", "-Xmx8g -Da=b")).out.lines().toList();
    assertThat(words).containsSubsequence("<-XX:MaxRAMPercentage=70>", "<-Xmx8g>", "<-Da=b>", "<-jar>");
  }

  @Test
  void buildsWhenTheJarIsMissingAndOnlyThen() throws Exception {
    jdk("good", "25.0.3");
    sources();
    Files.delete(jar);
    Map<String, String> path = maven("touch cli/target/carousel-cli.jar");
    Outcome first = launch(path, "summary");
    assertThat(first.err).hasLineCount(2).contains("building", "build.log", "preparing");
    assertThat(first.out).endsWith("<summary>\n");
    assertThat(launch(path, "summary").err).isEmpty();
  }

  @Test
  void archivesTheClassesOfAnotherJarOrJdkOnce() throws Exception {
    Path archive = jar.resolveSibling("carousel-cli-25.0.3.jsa");
    Path good = jdk("good", "25.0.3");
    assertThat(launch(Map.of(), "summary").out).contains("<-XX:SharedArchiveFile=" + archive + ">");
    Files.delete(archive);
    String archiving =
        "#!/bin/sh\nfor word; do case $word in -XX:ArchiveClassesAtExit=*) echo new >\"${word#*=}\"; esac; done\n";
    program(good.resolve("bin/java"), archiving + "echo \"$*\"\n");
    Outcome first = launch(Map.of(), "summary");
    assertThat(first.err).hasLineCount(1).contains("preparing");
    assertThat(first.out).hasLineCount(1).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(archive).hasContent("new");
    assertThat(launch(Map.of()).err).isEmpty();
    Files.setLastModifiedTime(jar.resolveSibling("lib/carousel-core.jar"), secondsAgo(-1));
    assertThat(launch(Map.of()).err).hasLineCount(1).contains("preparing");
  }

  @Test
  void doesWithoutAnArchiveThatCannotBeMade() throws Exception {
    Path good = jdk("good", "25.0.3");
    Files.delete(jar.resolveSibling("carousel-cli-25.0.3.jsa"));
    program(good.resolve("bin/java"), "#!/bin/sh\necho \"$*\"\n");
    assertThat(launch(Map.of()).err).hasLineCount(1).contains("preparing");
    Outcome second = launch(Map.of());
    assertThat(second.err).isEmpty();
    assertThat(second.out).doesNotContain("SharedArchiveFile");
  }

  @Test
  void benchIsAProgramOfItsOwnBuiltFromTheSources() throws Exception {
    jdk("good", "25.0.3");
    assertThat(launch(Map.of(), "bench").err).hasLineCount(1).contains("bench needs Carousel's sources");
    sources();
    Files.createDirectories(house.resolve("bench/src/main"));
    Files.createFile(house.resolve("bench/pom.xml"));
    Map<String, String> path = maven("echo \"$*\" >asked; touch bench/target/carousel-bench.jar");
    Outcome first = launch(path, "bench", "--shapes", "S1");
    assertThat(first.err).hasLineCount(1).contains("building");
    assertThat(house.resolve("asked")).content().contains("-pl bench -am package");
    assertThat(first.out)
        .contains("<--add-modules=jdk.incubator.vector>")
        .endsWith("<-jar>\n<" + house.resolve("bench/target/carousel-bench.jar") + ">\n<--shapes>\n<S1>\n")
        .doesNotContain("<bench>");
    assertThat(launch(path, "bench").err).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "core/pom.xml", "core/src/main/java/A.java", "cli/src/main/java/B.java"})
  void buildsWhenASourceIsYoungerThanTheJar(String source) throws Exception {
    jdk("good", "25.0.3");
    sources();
    // A build that finds nothing to do leaves the jar as it is, and must not be tried again for ever.
    Map<String, String> path = maven("true");
    assertThat(launch(path).err).isEmpty();
    Files.setLastModifiedTime(house.resolve(source), secondsAgo(10));
    assertThat(launch(path).err).hasLineCount(1).contains("building");
    assertThat(launch(path).err).isEmpty();
  }

  @Test
  void showsTheEndOfAFailedBuild() throws Exception {
    jdk("good", "25.0.3");
    sources();
    Files.delete(jar);
    Outcome outcome = launch(maven("echo '[ERROR] no such symbol'; exit 1"));
    assertThat(outcome.code).isEqualTo(1);
    assertThat(outcome.out).isEmpty();
    assertThat(outcome.err).contains("[ERROR] no such symbol", "the build failed");
    assertThat(house.resolve("cli/target/.lock")).doesNotExist();
  }

  @Test
  void saysWhatToInstallToBuild() throws Exception {
    jdk("good", "25.0.3");
    sources();
    Files.delete(jar);
    Outcome outcome = launch(Map.of("PATH", tools().toString()));
    assertThat(outcome.code).isEqualTo(2);
    assertThat(outcome.err).hasLineCount(1).contains("Maven", "install it");
  }

  // --- The made-up house --------------------------------------------------------------------------------

  private Path jdk(String name, String version) throws IOException {
    Path jdk = jdks.resolve(name);
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"a b\"\n");
    Files.writeString(jar.resolveSibling("carousel-cli-" + version + ".jsa"), "an archive");
    program(jdk.resolve("bin/java"), "#!/bin/sh\necho '" + name + "'\nfor word; do echo \"<$word>\"; done\n");
    return jdk;
  }

  private void sources() throws IOException {
    for (String file : List.of("pom.xml", "core/pom.xml", "cli/pom.xml", "core/src/main/java/A.java",
        "cli/src/main/java/B.java")) {
      Files.createDirectories(house.resolve(file).getParent());
      Files.createFile(house.resolve(file));
    }
    FileTime old = secondsAgo(100);
    try (Stream<Path> all = Files.walk(house)) {
      for (Path path : all.filter(path -> !path.startsWith(jar.getParent())).toList()) {
        Files.setLastModifiedTime(path, old);
      }
    }
    Files.setLastModifiedTime(jar, secondsAgo(50));
  }

  private Map<String, String> maven(String action) throws IOException {
    Path bin = Files.createDirectories(root.resolve("maven"));
    program(bin.resolve("mvn"), "#!/bin/sh\n" + action + "\n");
    return Map.of("PATH", bin + ":" + tools());
  }

  /** A folder with what the launcher needs, but no Maven and no Java. */
  private Path tools() throws IOException {
    Path bin = Files.createDirectories(root.resolve("tools"));
    for (String tool : List.of(
        "find", "head", "readlink", "mkdir", "cat", "rm", "mv", "touch", "sleep", "grep", "tail")) {
      Path real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
      program(bin.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
    }
    return bin;
  }

  private static FileTime secondsAgo(int seconds) {
    return FileTime.from(Instant.now().minusSeconds(seconds));
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String launched(Map<String, String> environment) throws Exception {
    return launch(environment).out.lines().findFirst().orElse("nothing");
  }

  private Outcome launch(Map<String, String> environment, String... arguments) throws Exception {
    return finish(process(house.resolve("carousel"), environment, arguments));
  }

  private Process process(Path script, Map<String, String> environment, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(script.toString()), Arrays.stream(arguments)).toList());
    Map<String, String> clean = new LinkedHashMap<>(Map.of("PATH", tools().toString(), "HOME", root.toString()));
    clean.putAll(environment);
    builder.environment().clear();
    builder.environment().putAll(clean);
    return builder.directory(root.toFile()).redirectError(root.resolve("err").toFile()).start();
  }

  private Outcome finish(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return new Outcome(code, out, Files.readString(root.resolve("err")));
  }
}
