package io.carousel.cli;

import io.carousel.task.Version;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The program behind the launcher {@code carousel}: finds the command, runs it, turns its end into an exit
 * code.
 *
 * <p>Exit codes: 0 done, 1 failed through no fault of the input, 2 bad input.
 */
public final class Main {
  /** The commands by their words, in the order of the help. */
  private static final SequencedMap<String, Command> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("quickstart", new QuickstartCommand());
    COMMANDS.put("train text-classifier", new TrainCommand());
    COMMANDS.put("evaluate", new EvaluateCommand());
    COMMANDS.put("predict", new PredictCommand());
    COMMANDS.put("summary", new SummaryCommand());
    for (CellCommand.Asked asked : CellCommand.Asked.values()) {
      COMMANDS.put("cell " + asked.word, new CellCommand(asked));
    }
  }

  /** The property by which the library is told which kernels to use. */
  private static final String KERNELS = "carousel.kernels";

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args, Terminal.ofProcess()));
  }

  /** Runs one command. */
  static int run(String[] args, Terminal terminal) {
    try {
      return dispatch(args, terminal);
    } catch (Throwable e) {
      return Failures.report(e, Arrays.asList(args).contains(Specs.STACKTRACE), terminal);
    } finally {
      terminal.flush();
    }
  }

  private static int dispatch(String[] args, Terminal terminal) throws Exception {
    CommandSpec root = root();
    ParseResult given = new CommandLine(root).parseArgs(args);
    StringBuilder words = new StringBuilder();
    while (given.hasSubcommand()) {
      given = given.subcommand();
      words.append(words.isEmpty() ? "" : " ").append(given.commandSpec().name());
    }
    Command command = COMMANDS.get(words.toString());
    if (given.isVersionHelpRequested()) {
      terminal.print("carousel " + Version.NUMBER);
    } else if (given.isUsageHelpRequested() || words.isEmpty()) {
      terminal.printRaw(given.commandSpec().commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF));
    } else if (command == null) {
      throw new IllegalArgumentException(
          words + ": must be followed by one of " + given.commandSpec().subcommands().keySet()
              + ", got nothing; for example carousel " + words + " "
              + given.commandSpec().subcommands().keySet().iterator().next());
    } else {
      if (command.needsVectors(given)) {
        VectorModule.load();
      } else if (System.getProperty(KERNELS) == null) {
        System.setProperty(KERNELS, "scalar");
      }
      return command.run(given, terminal);
    }
    return 0;
  }

  private static CommandSpec root() {
    CommandSpec root = Specs.command("carousel", "Trains, evaluates and runs recurrent models.");
    root.addOption(
        OptionSpec.builder("--version").versionHelp(true).description("show the version").build());
    root.usageMessage().footer(
        "", "Exit codes: 0 done, 1 failed, 2 bad input. With " + Specs.STACKTRACE
            + " an error shows where it arose.");
    COMMANDS.forEach(
        (words, command) -> {
          CommandSpec parent = root;
          List<String> path = List.of(words.split(" "));
          for (String group : path.subList(0, path.size() - 1)) {
            parent = parent.subcommands().containsKey(group)
                ? parent.subcommands().get(group).getCommandSpec()
                : group(parent, group);
          }
          CommandSpec spec = command.spec();
          spec.addOption(OptionSpec.builder(Specs.STACKTRACE).hidden(true).build());
          parent.addSubcommand(path.getLast(), spec);
        });
    return root;
  }

  private static CommandSpec group(CommandSpec parent, String name) {
    CommandSpec group = Specs.command(
        name, name.equals("cell") ? "Checks and shows cells as text." : "Trains a model on data of your own.");
    parent.addSubcommand(name, group);
    return group;
  }
}
