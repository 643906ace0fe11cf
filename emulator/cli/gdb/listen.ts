import type { GdbServer } from "../../gdb/index.js";
import { type GdbListener, listenForGdb } from "../../node/gdb-server.js";
import { onFreePort } from "../free-port.js";

/** What gdb stubs often listen on; QEMU's does. */
export const DEFAULT_GDB_PORT = 1234;

/** @throws InputError (rejects), see {@link onFreePort}. */
export function listen(server: GdbServer, port: number | undefined): Promise<GdbListener> {
  return onFreePort(
    { port, usualPort: DEFAULT_GDB_PORT, option: "--port", unasked: "Without --port" },
    (free) => listenForGdb(server, free),
  );
}
