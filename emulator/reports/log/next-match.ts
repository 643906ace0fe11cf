/**
 * Where an expression matches next in a text: looked up once for many short stretches, asked
 * for in the order in which they stand there.
 */
export class NextMatch {
  readonly #pattern: RegExp;
  readonly #text: string;
  /** Behind the next match; 0 before the first search. */
  #end = 0;

  /** @param pattern with the flag `g`. */
  constructor(pattern: RegExp, text: string) {
    this.#pattern = pattern;
    this.#text = text;
  }

  /** Whether a match that begins at `start` or behind it ends by `end`. */
  isWithin(start: number, end: number): boolean {
    if (this.#end <= start) {
      this.#pattern.lastIndex = start;
      const found = this.#pattern.test(this.#text);
      this.#end = found ? this.#pattern.lastIndex : Number.MAX_SAFE_INTEGER;
    }
    return this.#end <= end;
  }
}

/** The same for a word. */
export class NextWord {
  readonly #word: string;
  readonly #text: string;
  #next = -1;

  constructor(word: string, text: string) {
    this.#word = word;
    this.#text = text;
  }

  /** Whether the word begins between `start` and `end`. */
  isWithin(start: number, end: number): boolean {
    if (this.#next < start) {
      const next = this.#text.indexOf(this.#word, start);
      this.#next = next < 0 ? Number.MAX_SAFE_INTEGER : next;
    }
    return this.#next < end;
  }
}
