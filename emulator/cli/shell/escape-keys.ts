/** What a person does at the terminal. */
export type KeyAction =
  | { readonly kind: "type"; readonly bytes: Uint8Array }
  | { readonly kind: "quit" }
  | { readonly kind: "rescue" }
  | { readonly kind: "checkpoint" }
  | { readonly kind: "help" };

/** Ctrl-], as in telnet; Ctrl-5 sends the same on most terminals, whatever the keyboard. */
export const ESCAPE_KEY = 0x1d;

const ACTIONS: ReadonlyMap<
  string,
  KeyAction["kind"] & ("quit" | "rescue" | "checkpoint" | "help")
> = new Map([
  ["q", "quit"],
  ["r", "rescue"],
  ["c", "checkpoint"],
  ["?", "help"],
]);

/**
 * Finds the few keys that are meant for us among those that are meant for the guest: the
 * escape key and the one behind it. The escape key twice is typed once.
 */
export class EscapeKeys {
  #escaped = false;

  read(input: Uint8Array): KeyAction[] {
    const actions: KeyAction[] = [];
    let start = 0;
    for (const [index, byte] of input.entries()) {
      if (this.#escaped) {
        this.#escaped = false;
        // What is behind the escape key and means nothing to us is not the guest's, either.
        start = byte === ESCAPE_KEY ? index : index + 1;
        const kind = ACTIONS.get(String.fromCharCode(byte));
        if (kind !== undefined) actions.push({ kind });
        else if (byte !== ESCAPE_KEY) actions.push({ kind: "help" });
      } else if (byte === ESCAPE_KEY) {
        if (index > start) actions.push({ kind: "type", bytes: input.subarray(start, index) });
        this.#escaped = true;
        start = index + 1;
      }
    }
    if (start < input.length) actions.push({ kind: "type", bytes: input.subarray(start) });
    return actions;
  }
}
