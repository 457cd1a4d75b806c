package io.carousel;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one room mentions of another, read from class files, and the rules that it must keep.
 *
 * <p>A class mentions every class in its constant pool, whether it calls it, extends it, or only has it in a
 * signature or an annotation.
 */
final class Arrows {
  /** The floor of every room; a room may mention lower floors only. */
  static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("tensor", 0),
          Map.entry("expr", 1),
          Map.entry("kernel", 1),
          Map.entry("compile", 2),
          Map.entry("parameter", 3),
          Map.entry("data", 3),
          Map.entry("cell", 4),
          Map.entry("layer", 5),
          Map.entry("notation", 5),
          Map.entry("model", 6),
          Map.entry("store", 7),
          Map.entry("train", 8),
          Map.entry("explain", 8),
          Map.entry("serve", 8),
          Map.entry("task", 9),
          Map.entry("tune", 9));

  /** The only rooms that may mention the vector module, neither of them exported. */
  static final Set<String> VECTOR_ROOMS = Set.of("kernel", "compile");

  private static final String VECTORS = "jdk/incubator/vector/";
  private static final Pattern ROOM = Pattern.compile("io/carousel/(\\w+)/.*");
  private static final Pattern DESCRIPTOR_TYPE = Pattern.compile("L([\\w/$]+)[;<]");

  private Arrows() {}

  /** Every breach of the rules by a class, one line each; none if all is well. */
  static List<String> breaches(ClassModel type) {
    String name = type.thisClass().asInternalName();
    String room = room(type);
    List<String> breaches = new ArrayList<>();
    if (type.isModuleInfo()) {
      return breaches;
    }
    if (!FLOORS.containsKey(room)) {
      return List.of(name + " is in no room of the table");
    }
    for (String mentioned : mentions(type)) {
      Matcher other = ROOM.matcher(mentioned);
      if (other.matches() && !other.group(1).equals(room)) {
        Integer floor = FLOORS.get(other.group(1));
        if (floor == null || floor >= FLOORS.get(room)) {
          breaches.add(name + " mentions " + mentioned + ": " + room + " may not know " + other.group(1));
        }
      } else if (mentioned.startsWith(VECTORS) && !VECTOR_ROOMS.contains(room)) {
        breaches.add(name + " mentions " + mentioned + ": only " + new TreeSet<>(VECTOR_ROOMS) + " may");
      }
    }
    return breaches;
  }

  /** Every public or protected member of a public class that shows a type of a room that is not exported. */
  static List<String> leaks(ClassModel type) {
    List<String> leaks = new ArrayList<>();
    if (VECTOR_ROOMS.contains(room(type)) || !isVisible(type.flags().flagsMask())) {
      return leaks;
    }
    type.superclass().ifPresent(above -> addLeak(leaks, type, "its superclass", "L" + above.asInternalName() + ";"));
    for (ClassEntry above : type.interfaces()) {
      addLeak(leaks, type, "an interface", "L" + above.asInternalName() + ";");
    }
    for (FieldModel field : type.fields()) {
      if (isVisible(field.flags().flagsMask())) {
        addLeak(leaks, type, field.fieldName().stringValue(), field.fieldType().stringValue());
      }
    }
    for (MethodModel method : type.methods()) {
      if (isVisible(method.flags().flagsMask())) {
        addLeak(leaks, type, method.methodName().stringValue(), method.methodType().stringValue());
      }
    }
    return leaks;
  }

  private static boolean isVisible(int flags) {
    return (flags & (ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED)) != 0 && (flags & ClassFile.ACC_SYNTHETIC) == 0;
  }

  private static void addLeak(List<String> leaks, ClassModel type, String member, String descriptor) {
    Matcher types = DESCRIPTOR_TYPE.matcher(descriptor);
    while (types.find()) {
      Matcher room = ROOM.matcher(types.group(1));
      if (room.matches() && VECTOR_ROOMS.contains(room.group(1))) {
        leaks.add(type.thisClass().asInternalName() + "." + member + " shows " + types.group(1));
      }
    }
  }

  private static String room(ClassModel type) {
    Matcher room = ROOM.matcher(type.thisClass().asInternalName());
    return room.matches() ? room.group(1) : "";
  }

  /** The internal names of all classes that a class mentions. */
  static Set<String> mentions(ClassModel type) {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : type.constantPool()) {
      switch (entry) {
        case ClassEntry named when !named.asInternalName().startsWith("[") -> names.add(named.asInternalName());
        case Utf8Entry text -> {
          // Descriptors, array types and generic signatures. A string literal of this form would count too: none has it.
          Matcher types = DESCRIPTOR_TYPE.matcher(text.stringValue());
          while (types.find()) {
            names.add(types.group(1));
          }
        }
        default -> {}
      }
    }
    return names;
  }
}
