import type { Checkpoint } from "../lab/index.js";
import { BrowserError } from "./failure.js";
import type { CheckpointInfo } from "./protocol.js";

/** What all checkpoints together may take of the tab's memory; one takes 14 MB and more. */
const MOST_BYTES = 512 * 1024 * 1024;

interface KeptCheckpoint {
  readonly info: CheckpointInfo;
  readonly checkpoint: Checkpoint;
}

/** The states of the guest that one can go back to. The first is how it started. */
export class Checkpoints {
  readonly #onChange: (checkpoints: readonly CheckpointInfo[]) => void;
  readonly #start: KeptCheckpoint;
  readonly #kept: KeptCheckpoint[];
  /** What a rescue goes back to. */
  #current: KeptCheckpoint;
  #nextId = 1;

  constructor(start: Checkpoint, onChange: (checkpoints: readonly CheckpointInfo[]) => void) {
    this.#start = { info: infoOf(0, "Start of the lab", start), checkpoint: start };
    this.#kept = [this.#start];
    this.#current = this.#start;
    this.#onChange = onChange;
    this.#tell();
  }

  /** Of the guest as it started. */
  get startId(): number {
    return this.#start.info.id;
  }

  /** The one that was made or gone back to last. */
  get current(): Checkpoint {
    return this.#current.checkpoint;
  }

  /** @throws BrowserError `refused` when there is no room for another one. */
  requireRoom(): void {
    const bytes = this.#kept.reduce((sum, { info }) => sum + info.bytes, 0);
    if (bytes < MOST_BYTES) return;
    throw new BrowserError(
      "refused",
      `The snapshots take ${Math.round(bytes / 2 ** 20)} MB of memory; forget one to take another.`,
    );
  }

  add(name: string, checkpoint: Checkpoint): CheckpointInfo {
    const kept = { info: infoOf(this.#nextId++, name, checkpoint), checkpoint };
    this.#kept.push(kept);
    this.#current = kept;
    this.#tell();
    return kept.info;
  }

  /** The guest goes back to this one. @throws BrowserError `refused` */
  select(id: number): Checkpoint {
    this.#current = this.#find(id);
    return this.#current.checkpoint;
  }

  /** @throws BrowserError `refused` */
  forget(id: number): void {
    const kept = this.#find(id);
    if (kept === this.#start) {
      throw new BrowserError("refused", "The start of the lab stays: a reset goes back to it.");
    }
    this.#kept.splice(this.#kept.indexOf(kept), 1);
    if (this.#current === kept) this.#current = this.#kept.at(-1) ?? this.#start;
    this.#tell();
  }

  #find(id: number): KeptCheckpoint {
    const kept = this.#kept.find(({ info }) => info.id === id);
    if (kept === undefined) {
      throw new BrowserError("refused", `There is no snapshot ${id} any more; choose another one.`);
    }
    return kept;
  }

  #tell(): void {
    this.#onChange(this.#kept.map(({ info }) => info));
  }
}

function infoOf(id: number, name: string, { machine }: Checkpoint): CheckpointInfo {
  return { id, name, guestMs: machine.guestMs, bytes: machine.bytes.length };
}
