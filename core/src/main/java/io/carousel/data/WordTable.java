package io.carousel.data;

import java.util.Arrays;

/**
 * Numbers words from 0 in the order in which they came, without a string for each.
 *
 * <p>All characters lie in one array, and lookups take a range of characters: counting the words of
 * six million tokens makes no garbage.
 */
final class WordTable {
  private static final int FIRST_SLOTS = 1 << 12;

  /** The characters of word {@code i} are {@code chars[starts[i]]} to {@code chars[starts[i + 1]]}. */
  private char[] chars = new char[FIRST_SLOTS * 4];

  private int[] starts = new int[FIRST_SLOTS];
  private int[] hashes = new int[FIRST_SLOTS];
  private int size;

  /** Open addressing: 0 is free, else the number of a word plus 1. A power of two, at most half full. */
  private int[] slots = new int[FIRST_SLOTS * 2];

  int size() {
    return size;
  }

  String word(int id) {
    return new String(chars, starts[id], starts[id + 1] - starts[id]);
  }

  /** The number of a word, or −1. */
  int find(char[] word, int length) {
    return slots[slot(word, length, hash(word, length))] - 1;
  }

  /** The number of a word, which is {@link #size} if it is new. */
  int add(char[] word, int length) {
    int hash = hash(word, length);
    int slot = slot(word, length, hash);
    if (slots[slot] > 0) {
      return slots[slot] - 1;
    }
    if (size + 2 > starts.length) {
      grow();
      slot = slot(word, length, hash);
    }
    int start = starts[size];
    if (start + length > chars.length) {
      chars = Arrays.copyOf(chars, Math.max(chars.length * 2, start + length));
    }
    System.arraycopy(word, 0, chars, start, length);
    hashes[size] = hash;
    starts[++size] = start + length;
    slots[slot] = size;
    return size - 1;
  }

  private int slot(char[] word, int length, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] > 0) {
      int id = slots[slot] - 1;
      if (hashes[id] == hash && Arrays.equals(chars, starts[id], starts[id + 1], word, 0, length)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    starts = Arrays.copyOf(starts, starts.length * 2);
    hashes = Arrays.copyOf(hashes, hashes.length * 2);
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int id = 0; id < size; id++) {
      int slot = hashes[id] & mask;
      while (slots[slot] > 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = id + 1;
    }
  }

  private static int hash(char[] word, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + word[i];
    }
    // Short words differ in few bits; spread them over the mask.
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }
}
