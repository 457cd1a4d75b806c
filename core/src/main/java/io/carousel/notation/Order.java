package io.carousel.notation;

import io.carousel.notation.Names.Definition;
import io.carousel.notation.Names.What;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/** In which order equations can be computed, and what depends on the input and on a state before the step. */
final class Order {
  private final Names names;
  private final List<Definition> definitions = new ArrayList<>();
  private final Set<String> done = new HashSet<>();
  private final SequencedSet<String> open = new LinkedHashSet<>();
  private final Set<String> readsState = new HashSet<>();
  private final Set<String> readsInput = new HashSet<>();

  /** Sorts; equations that need each other are an error. */
  Order(Names names) {
    this.names = names;
    names.definitions().values().forEach(this::visit);
  }

  private void visit(Definition definition) {
    String name = definition.name();
    if (done.contains(name)) {
      return;
    }
    if (!open.add(name)) {
      List<String> cycle = new ArrayList<>(open);
      cycle.subList(0, cycle.indexOf(name)).clear();
      cycle.add(name);
      throw names.syntax().source().error(definition.equation().at(), name + " depends on itself: "
          + String.join(" needs ", cycle) + "; only a state carries a value over, from one step to the next");
    }
    for (Ref ref : definition.right().refs()) {
      if (names.what(ref) == What.DEFINITION) {
        visit(names.definition(ref.toString()));
      }
    }
    open.remove(name);
    done.add(name);
    definitions.add(definition);
    if (readsState(definition.right())) {
      readsState.add(name);
    }
    if (reads(definition.right(), What.INPUT, readsInput)) {
      readsInput.add(name);
    }
  }

  /** What is computed, each after what it needs. */
  List<Definition> definitions() {
    return definitions;
  }

  /** True if an expression depends on a state before the step. */
  boolean readsState(Node node) {
    return reads(node, What.STATE, readsState);
  }

  private boolean reads(Node node, What what, Set<String> known) {
    return node.refs().stream().anyMatch(ref -> names.what(ref) == what
        || (names.what(ref) == What.DEFINITION && known.contains(ref.toString())));
  }

  /** What the steps read of what is made before the loop: the input, and equations that are computed there. */
  List<String> elements() {
    SequencedSet<String> elements = new LinkedHashSet<>();
    List<Node> inLoop = new ArrayList<>();
    Set<String> before = new HashSet<>();
    for (Definition definition : definitions) {
      if (!isBeforeLoop(definition.right())) {
        inLoop.add(definition.right());
      } else if (before.add(definition.name()) && definition.name().endsWith("'")) {
        elements.add(definition.name());
      }
    }
    if (names.syntax().output() != null) {
      inLoop.add(names.syntax().output());
    }
    for (Ref ref : inLoop.stream().flatMap(node -> node.refs().stream()).toList()) {
      if (names.what(ref) == What.INPUT || before.contains(ref.toString())) {
        elements.add(ref.toString());
      }
    }
    if (elements.isEmpty()) {
      elements.add(names.syntax().inputs().getFirst().name()); // for the number of steps
    }
    return List.copyOf(elements);
  }

  /**
   * True if an expression is computed for all steps at once, before the loop: it is made of the input and reads no
   * state, and it goes over rows, which costs more within the loop. (Products leave the loop by themselves.)
   */
  private boolean isBeforeLoop(Node node) {
    return reads(node, What.INPUT, readsInput) && !readsState(node)
        && node.calls().stream().anyMatch(Syntax.Call::isOverRow);
  }

  /**
   * True if a state is a stabilizer: its next value is the larger of two, and it is taken away within an exponential,
   * so that other states are divided by its own.
   */
  boolean isStabilizer(String state) {
    return names.definition(state + "'").right() instanceof Syntax.Call next && next.function() == Function.MAX
        && names.syntax().equations().stream().flatMap(equation -> equation.right().calls().stream())
            .filter(call -> call.function() == Function.EXP)
            .anyMatch(exp -> exp.refs().stream().anyMatch(ref -> ref.name().equals(state)));
  }
}
