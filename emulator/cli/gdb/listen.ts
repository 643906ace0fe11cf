import type { GdbServer } from "../../gdb/index.js";
import { type GdbListener, listenForGdb } from "../../node/gdb-server.js";
import { InputError } from "../errors.js";

/** What gdb stubs often listen on; QEMU's does. */
export const DEFAULT_GDB_PORT = 1234;
/** Ports that are tried, from the default one on, until one is free. */
const PORTS_TO_TRY = 20;

/** @throws InputError (rejects), see {@link onFreePort}. */
export function listen(server: GdbServer, port: number | undefined): Promise<GdbListener> {
  return onFreePort(port, (free) => listenForGdb(server, free));
}

/**
 * @param port undefined: the default one, or the next that is free.
 * @param open fails with EADDRINUSE where the port is taken.
 * @throws InputError (rejects) when the port, or all of them, cannot be used.
 */
export async function onFreePort<T>(
  port: number | undefined,
  open: (port: number) => Promise<T>,
): Promise<T> {
  const first = port ?? DEFAULT_GDB_PORT;
  const last = port ?? DEFAULT_GDB_PORT + PORTS_TO_TRY - 1;
  for (let next = first; next <= last; next++) {
    try {
      return await open(next);
    } catch (error) {
      if (isTaken(error)) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new InputError(`Port ${next} cannot be used: ${reason}. Give another with --port.`);
    }
  }
  throw new InputError(
    port === undefined
      ? `The ports ${first} to ${last} are all taken. Give another one with --port.`
      : `Port ${port} is taken by another program. Without --port, kspace looks for a free one.`,
  );
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
