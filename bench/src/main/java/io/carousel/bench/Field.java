package io.carousel.bench;

import io.carousel.bench.Contender.ContenderException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The contenders of one suite, ours first, our LSTM beside other cells; a peer that is not there is a line, not a
 * failure.
 */
final class Field implements AutoCloseable {
  private final List<Contender> contenders = new ArrayList<>();

  /**
   * Starts all that there are.
   *
   * @param complaints gets a line for each peer that there is not
   */
  Field(Suite suite, Options options, Consumer<String> complaints) {
    contenders.add(ours(suite, options));
    if (suite == Suite.CELLS) {
      contenders.add(InProcess.lstm(options.threads(), options.warmup()));
    }
    List<? extends Job> jobs = options.jobs(suite);
    for (PeerKind kind : options.peers(suite)) {
      try {
        Contender peer = peer(kind, suite, options);
        if (peer != null && jobs.stream().anyMatch(peer::can)) {
          contenders.add(peer);
          continue;
        }
        complaints.accept(kind + ": no column, since it has none of these shapes of suite " + suite);
        if (peer != null) {
          peer.close();
        }
      } catch (ContenderException e) {
        complaints.accept(String.valueOf(e.getMessage()));
      }
    }
  }

  private static Contender ours(Suite suite, Options options) {
    int threads = options.threads();
    return switch (suite) {
      case TRAIN, INFER, CELLS -> InProcess.ours(threads, options.warmup());
      case COLD -> new ColdStarts(ColdCommands.ours(ColdData.of(options.data()), threads));
      case MEMORY -> {
        Launch launch =
            Launch.java(
                Suite.OURS, LineServer.class.getName(), Launch.classPath(),
                List.of(Integer.toString(threads), "0"), "see CONTRIBUTING.md");
        yield new FreshProcesses(() -> new Peer(launch), suite.jobs());
      }
    };
  }

  private static @Nullable Contender peer(PeerKind kind, Suite suite, Options options) {
    String python = options.python();
    int threads = options.threads();
    return switch (suite) {
      case TRAIN, INFER, CELLS -> new Peer(kind.launch(python, threads, options.warmup()));
      case COLD -> {
        ColdCommands commands = kind.cold(ColdData.of(options.data()), python, threads);
        yield commands == null ? null : new ColdStarts(commands);
      }
      case MEMORY -> {
        Launch launch = kind.launch(python, threads, 0);
        yield new FreshProcesses(() -> new Peer(launch), suite.jobs());
      }
    };
  }

  /** The contenders; one that cannot go on may be taken out. */
  List<Contender> contenders() {
    return contenders;
  }

  /** The first of ours. */
  Contender ours() {
    return contenders.getFirst();
  }

  List<Contender> peers() {
    return contenders.stream().filter(each -> !Suite.isOurs(each.name())).toList();
  }

  @Override
  public void close() {
    contenders.forEach(Contender::close);
  }
}
