import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { InputError } from "../errors.js";
import type { Handler } from "./images-handler.js";

/** Nobody but this machine's users is served. */
const HOST = "127.0.0.1";

export const DEFAULT_PORT = 4173;
/** Ports that are tried, from the default one on, until one is free. */
const PORTS_TO_TRY = 20;

/** A server that runs; closing it also ends the connections that it has. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
}

/** Answers a request for another protocol than HTTP. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Serves on this machine's loopback address alone.
 * @param port undefined: the default one, or the next that is free
 * @param upgrade without it, such a request is answered as any other
 * @throws InputError (rejects) when the port, or all of them, cannot be used
 */
export async function listen(
  handler: Handler,
  port: number | undefined,
  upgrade?: UpgradeHandler,
): Promise<RunningServer> {
  const server = createServer((request, response) => {
    handler(request, response, () => {
      response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" });
      response.end("There is no such file here.\n");
    });
  });
  const upgraded = new Set<Duplex>();
  if (upgrade !== undefined) {
    server.on("upgrade", (request, socket, head) => {
      upgraded.add(socket);
      socket.on("close", () => upgraded.delete(socket));
      upgrade(request, socket, head);
    });
  }
  await bind(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${bound}/`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      // What has become another protocol's is none of the server's any more.
      for (const socket of upgraded) socket.destroy();
      await closed;
    },
  };
}

async function bind(server: Server, port: number | undefined): Promise<void> {
  const first = port ?? DEFAULT_PORT;
  const last = port ?? DEFAULT_PORT + PORTS_TO_TRY - 1;
  for (let next = first; next <= last; next++) {
    try {
      server.listen(next, HOST);
      await once(server, "listening");
      return;
    } catch (error) {
      if (!isTaken(error)) throw new InputError(refused(next, error), { cause: error });
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

function refused(port: number, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Port ${port} cannot be used: ${reason}. Give another one with --port.`;
}
