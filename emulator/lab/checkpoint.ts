import { concatBytes, type KernelRecord } from "../console/index.js";
import { parseSession, type Session } from "../files/index.js";
import type { MachineState } from "../machine/machine.js";
import type { LockLogState } from "./autopsy/lock-log.js";
import { HEADER_START, MAGIC, stateOffset } from "./checkpoint-format.js";
import { LabError } from "./errors.js";

/**
 * A guest as it was at one moment. The user's files are not in it: they belong to the host,
 * and going back to a checkpoint never takes them back.
 */
export interface Checkpoint {
  readonly machine: MachineState;
  /** `uname -r` of the guest. */
  readonly kernelRelease: string;
  /** The guest's open files in the host's tree. */
  readonly files: Session;
  readonly kernelLog: readonly KernelRecord[];
  /** What had been written to the terminal, its last part. */
  readonly terminal: Uint8Array;
  /** Where modules had taken locks; undefined where that was not noted. */
  readonly lockLog?: LockLogState | undefined;
}

type Transform = (bytes: Uint8Array) => Promise<Uint8Array>;

/** A checkpoint as a file, see checkpoint-format.ts. */
export async function encodeCheckpoint(
  checkpoint: Checkpoint,
  gzip: Transform,
): Promise<Uint8Array> {
  const { machine, terminal, ...rest } = checkpoint;
  const { bytes: state, ...engine } = machine;
  const header = new TextEncoder().encode(
    JSON.stringify({ ...rest, machine: engine, terminal: [...terminal] }, toJson),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  const body = await gzip(state);
  return concatBytes([MAGIC, length, header, body]);
}

/** @throws LabError `image-corrupt` when the bytes are not such a file. */
export async function decodeCheckpoint(bytes: Uint8Array, gunzip: Transform): Promise<Checkpoint> {
  const headerEnd = stateOffset(bytes);
  if (headerEnd === undefined) {
    throw new LabError("image-corrupt", "This is not a snapshot that this version can read.");
  }
  try {
    const text = new TextDecoder().decode(bytes.subarray(HEADER_START, headerEnd));
    const header = JSON.parse(text, fromJson);
    const state = await gunzip(bytes.subarray(headerEnd));
    return {
      ...header,
      files: parseSession(header.files),
      machine: { ...header.machine, bytes: state },
      terminal: Uint8Array.from(header.terminal),
    };
  } catch (cause) {
    throw new LabError("image-corrupt", "The snapshot is cut off or damaged.", { cause });
  }
}

/** What JSON has no form for: addresses, and the stacks of those who took locks. */
const BIGINT = "$bigint";
const BYTES = "$bytes";

function toJson(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { [BIGINT]: value.toString() };
  return value instanceof Uint8Array ? { [BYTES]: [...value] } : value;
}

function fromJson(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (BIGINT in value && typeof value[BIGINT] === "string") return BigInt(value[BIGINT]);
  if (BYTES in value && Array.isArray(value[BYTES])) return Uint8Array.from(value[BYTES]);
  return value;
}
