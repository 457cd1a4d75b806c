package io.carousel.cli;

import io.carousel.data.TextLines;
import io.carousel.store.JsonObject;
import io.carousel.task.Prediction;
import io.carousel.task.TextClassifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Labels the lines of standard input as they come, a line out for a line in.
 *
 * <p>One thread reads; this one labels what has arrived meanwhile, all at once. So a single line is answered
 * at once, and a large file is read in large batches. The answers do not depend on what is labelled together.
 */
final class PredictLines {
  private static final int MOST = 256;

  /** What the reading thread hands over: a line, or why there are no more. */
  private record Item(@Nullable String line, @Nullable RuntimeException failure) {}

  private final TextClassifier classifier;
  private final Terminal terminal;
  private final @Nullable List<JsonObject> collected;
  private final BlockingQueue<Item> arrived = new ArrayBlockingQueue<>(2 * MOST);

  PredictLines(TextClassifier classifier, Terminal terminal, boolean json) {
    this.classifier = classifier;
    this.terminal = terminal;
    this.collected = json ? new ArrayList<>() : null;
  }

  void run() {
    if (terminal.interactive()) {
      terminal.tell("a text a line, please; Ctrl-D ends");
    }
    Thread reader = new Thread(this::read, "carousel-input");
    reader.setDaemon(true);
    reader.start();
    try {
      while (answer(some())) {
        terminal.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (collected != null) {
      terminal.print(new JsonObject().put("predictions", collected));
    }
  }

  /** Waits for a line, and takes with it what else is there. */
  private List<Item> some() throws InterruptedException {
    List<Item> items = new ArrayList<>();
    items.add(arrived.take());
    arrived.drainTo(items, MOST - 1);
    return items;
  }

  /** Answers lines; false after the last one. */
  private boolean answer(List<Item> items) {
    List<String> lines = new ArrayList<>();
    for (Item item : items) {
      if (item.line != null) {
        lines.add(item.line);
      }
    }
    for (Prediction prediction : classifier.predict(lines)) {
      if (collected != null) {
        collected.add(PredictCommand.json(prediction, classifier.labels()));
      } else {
        terminal.print(PredictCommand.line(prediction));
      }
    }
    Item last = items.getLast();
    if (last.failure != null) {
      throw last.failure;
    }
    return last.line != null;
  }

  private void read() {
    Item end = new Item(null, null);
    try (TextLines lines = TextLines.of(terminal.in(), "standard input")) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        arrived.put(new Item(line, null));
      }
    } catch (RuntimeException e) {
      end = new Item(null, e);
    } catch (InterruptedException e) {
      return;
    }
    try {
      arrived.put(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
