/**
 * What runs cases: the engine, or a real processor. Outcomes are the bytes that `case-format.ts`
 * describes.
 */
export interface CaseMachine {
  /** Runs one case to its INT3 or its fault, in ring 3, with the windows of `layout.ts`. */
  run(input: Uint8Array): Uint8Array;
}
