/** The tasks of long memory, and the table that says which cells solve them; start reading at {@link LongMemory}. */
@NullMarked
package io.carousel.bench.longmemory;

import org.jspecify.annotations.NullMarked;
