import { InputError } from "../errors.js";

/** A place in the code, as a trace or a debugger writes it. */
export interface PlaceArgument {
  readonly symbol: string;
  /** Bytes from the symbol's start. */
  readonly offset: number;
  /** The symbol's size, where it is written. */
  readonly size: number | undefined;
}

/** `hello_write+0x35`, `hello_write+53`, `hello_write+0x35/0x60 [hello]`, `*(hello_write+0x35)`. */
const PLACE =
  /^(?:\*\s*)?\(?\s*([\w.$]+)\s*(?:\+\s*(0x[0-9a-f]{1,8}|\d{1,9}))?(?:\/(0x[0-9a-f]{1,8}))?\s*(?:\[\w+\]\s*)?\)?$/i;

/** @throws InputError */
export function parsePlaceArgument(argument: string): PlaceArgument {
  const [, symbol, offset, size] = PLACE.exec(argument.trim()) ?? [];
  if (symbol === undefined) {
    throw new InputError(
      `"${argument}" is no place in the code: write SYMBOL+OFFSET as a trace does, ` +
        "hello_write+0x35 for example.",
    );
  }
  return {
    symbol,
    offset: offset === undefined ? 0 : Number(offset),
    size: size === undefined ? undefined : Number(size),
  };
}
