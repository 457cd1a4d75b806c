package io.carousel.compile;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * Defines kernels as hidden classes, one for each key in a process: places of equal shape share a
 * class, and so what the JIT has compiled.
 *
 * <p>The property {@code carousel.dump} names a folder to which the class files are written, for
 * profilers and for {@code javap}.
 */
final class ClassMaker {
  private static final ConcurrentMap<String, Object> KERNELS = new ConcurrentHashMap<>();
  private static final ClassHierarchyResolver RESOLVER =
      ClassHierarchyResolver.ofClassLoading(ClassMaker.class.getClassLoader());

  private ClassMaker() {}

  /** The kernel of this key, made by {@code body} if there is none yet. */
  static <K> K kernel(Class<K> type, String key, Consumer<ClassBuilder> body) {
    return type.cast(KERNELS.computeIfAbsent(type.getSimpleName() + " " + key, k -> make(type, k, body)));
  }

  /** The keys of all kernels made so far in this process. */
  static Set<String> made() {
    return Set.copyOf(KERNELS.keySet());
  }

  private static Object make(Class<?> type, String key, Consumer<ClassBuilder> body) {
    ClassDesc name = ClassDesc.of(ClassMaker.class.getPackageName(), type.getSimpleName() + "Code");
    byte[] bytes =
        ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(RESOLVER), ClassFile.DebugElementsOption.DROP_DEBUG)
            .build(
                name,
                builder -> {
                  builder
                      .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                      .withInterfaceSymbols(ClassDesc.of(type.getName()))
                      .withMethodBody(
                          ConstantDescs.INIT_NAME,
                          ConstantDescs.MTD_void,
                          0,
                          code ->
                              code.aload(0)
                                  .invokespecial(
                                      ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                  .return_());
                  body.accept(builder);
                });
    dump(type, key, bytes);
    try {
      return MethodHandles.lookup()
          .defineHiddenClass(bytes, true)
          .lookupClass()
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("compile: the kernel " + key + " could not be defined", e);
    }
  }

  private static void dump(Class<?> type, String key, byte[] bytes) {
    String folder = System.getProperty("carousel.dump");
    if (folder != null) {
      String name = type.getSimpleName() + "-" + Integer.toHexString(key.hashCode());
      try {
        Files.createDirectories(Path.of(folder));
        Files.write(Path.of(folder, name + ".class"), bytes);
        Files.writeString(Path.of(folder, name + ".txt"), key);
      } catch (IOException e) {
        throw new UncheckedIOException("compile: cannot write to carousel.dump=" + folder, e);
      }
    }
  }
}
