package io.carousel;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.tensor.Shape;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rooms of the library know only what lies below them. */
class ArrowsTest {
  private static final List<ClassModel> CLASSES = ClassFolder.of(Shape.class).classes();

  @Test
  void everyRoomMentionsOnlyLowerFloors() {
    assertThat(CLASSES).hasSizeGreaterThan(20);
    assertThat(CLASSES.stream().flatMap(type -> Arrows.breaches(type).stream())).isEmpty();
  }

  @Test
  void everyRoomButTheVectorRoomsIsExported() {
    Set<String> rooms =
        CLASSES.stream()
            .map(type -> type.thisClass().asInternalName())
            .filter(name -> name.startsWith("io/carousel/") && !name.endsWith("/package-info"))
            .map(name -> name.substring(0, name.lastIndexOf('/')))
            .collect(Collectors.toCollection(TreeSet::new));
    rooms.removeIf(room -> Arrows.VECTOR_ROOMS.stream().anyMatch(v -> room.equals("io/carousel/" + v)));
    assertThat(exported()).containsExactlyInAnyOrderElementsOf(rooms);
  }

  @Test
  void noExportedClassShowsATypeThatIsNot() {
    assertThat(CLASSES.stream().flatMap(type -> Arrows.leaks(type).stream())).isEmpty();
  }

  @Test
  void aTypeThatIsNotExportedIsSeenInAnyVisibleMember() {
    ClassDesc team = ClassDesc.of("io.carousel.kernel.Team");
    MethodTypeDesc taking = MethodTypeDesc.of(CD_void, team.arrayType());
    int method = ClassFile.ACC_ABSTRACT;
    assertThat(leaks(made -> made.withSuperclass(team))).hasSize(1);
    assertThat(leaks(made -> made.withInterfaceSymbols(team))).hasSize(1);
    assertThat(leaks(made -> made.withField("field", team, ClassFile.ACC_PUBLIC))).hasSize(1);
    assertThat(leaks(made -> made.withField("field", team, ClassFile.ACC_PRIVATE))).isEmpty();
    assertThat(leaks(made -> made.withMethod("method", taking, method | ClassFile.ACC_PROTECTED, m -> {}))).hasSize(1);
    assertThat(leaks(made -> made.withMethod("method", taking, method, m -> {}))).isEmpty();
  }

  private static List<String> leaks(Consumer<ClassBuilder> content) {
    return Arrows.leaks(made("io.carousel.train.Made", content));
  }

  @Test
  void everyRoomIsNullMarked() {
    List<String> marked =
        CLASSES.stream()
            .filter(type -> Arrows.mentions(type).contains("org/jspecify/annotations/NullMarked"))
            .map(type -> type.thisClass().asInternalName())
            .filter(name -> name.endsWith("/package-info"))
            .map(name -> name.substring(0, name.lastIndexOf('/')))
            .toList();
    assertThat(marked).containsAll(exported());
    assertThat(marked).contains("io/carousel/kernel", "io/carousel/compile");
  }

  @ParameterizedTest
  @CsvSource({
    "io.carousel.tensor.Made, io.carousel.expr.Expr, tensor may not know expr",
    "io.carousel.expr.Made, io.carousel.kernel.Team, expr may not know kernel",
    "io.carousel.serve.Made, io.carousel.train.Trainer, serve may not know train",
    "io.carousel.data.Made, io.carousel.attic.Box, data may not know attic",
    "io.carousel.attic.Made, java.lang.String, is in no room of the table",
    "io.carousel.train.Made, jdk.incubator.vector.FloatVector, '[compile, kernel] may'",
  })
  void aForbiddenArrowIsSeenWhereverItStands(String owner, String forbidden, String breach) {
    ClassDesc other = ClassDesc.of(forbidden);
    MethodTypeDesc taking = MethodTypeDesc.of(CD_void, other.arrayType());
    int abstractly = ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT;
    Stream<Consumer<ClassBuilder>> ways =
        Stream.of(
            made -> made.withSuperclass(other),
            made -> made.withField("field", other, AccessFlag.PRIVATE.mask()),
            made -> made.withMethod("method", taking, abstractly, method -> {}),
            made -> made.withMethodBody("cast", taking, ClassFile.ACC_PUBLIC,
                code -> code.aload(1).checkcast(other.arrayType()).pop().return_()));
    assertThat(ways).allSatisfy(way -> assertThat(Arrows.breaches(made(owner, way)))
        .singleElement().asString().contains(breach));
  }

  @ParameterizedTest
  @CsvSource({
    "io.carousel.task.Made, io.carousel.train.Trainer",
    "io.carousel.train.Made, io.carousel.train.Trainer",
    "io.carousel.compile.Made, jdk.incubator.vector.FloatVector",
    "io.carousel.kernel.Made, jdk.incubator.vector.FloatVector",
  })
  void anAllowedArrowIsNoBreach(String owner, String other) {
    assertThat(Arrows.breaches(made(owner, made -> made.withField("field", ClassDesc.of(other), 0)))).isEmpty();
  }

  private static Set<String> exported() {
    ClassModel module = CLASSES.stream().filter(ClassModel::isModuleInfo).findFirst().orElseThrow();
    return module.findAttribute(java.lang.classfile.Attributes.module()).orElseThrow().exports().stream()
        .filter(export -> export.exportsTo().isEmpty())
        .map(export -> export.exportedPackage().name().stringValue())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static ClassModel made(String name, Consumer<ClassBuilder> content) {
    byte[] bytes =
        ClassFile.of().build(ClassDesc.of(name), made -> {
          made.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT).withSuperclass(CD_Object);
          content.accept(made);
        });
    return ClassFile.of().parse(bytes);
  }
}
