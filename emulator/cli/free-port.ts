import { InputError } from "./errors.js";

const LARGEST_PORT = 65_535;
/** Ports that are tried, from the usual one on, until one is free. */
const PORTS_TO_TRY = 20;

export interface PortChoice {
  /** Undefined: the usual one, or the next that is free. */
  readonly port: number | undefined;
  readonly usualPort: number;
  /** By which one gives a port: `--port`. */
  readonly option: string;
  /** How one leaves the choice to kspace: `Without --port`. */
  readonly unasked: string;
}

/**
 * For commander: reads the value of an option that names a port.
 * @param option `--port`
 * @throws InputError from what it returns
 */
export function portOption(option: string): (text: string) => number {
  return (text) => {
    const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (port <= LARGEST_PORT) return port;
    throw new InputError(`${option} ${text}: a port is a number from 0 (any) to ${LARGEST_PORT}.`);
  };
}

/**
 * Opens something on a port.
 * @param open fails with EADDRINUSE where the port is taken.
 * @throws InputError (rejects) when the port, or all of them, cannot be used.
 */
export async function onFreePort<T>(
  { port, usualPort, option, unasked }: PortChoice,
  open: (port: number) => Promise<T>,
): Promise<T> {
  const first = port ?? usualPort;
  const last = port ?? usualPort + PORTS_TO_TRY - 1;
  for (let next = first; next <= last; next++) {
    try {
      return await open(next);
    } catch (error) {
      if (!isTaken(error)) throw new InputError(refused(next, option, error), { cause: error });
    }
  }
  throw new InputError(
    port === undefined
      ? `The ports ${first} to ${last} are all taken. Give another one with ${option}.`
      : `Port ${port} is taken by another program. ${unasked}, kspace looks for a free one.`,
  );
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function refused(port: number, option: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Port ${port} cannot be used: ${reason}. Give another one with ${option}.`;
}
