import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { onFreePort } from "../free-port.js";
import type { Handler } from "./images-handler.js";

/** Nobody but this machine's users is served. */
const HOST = "127.0.0.1";

export const DEFAULT_PORT = 4173;

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
  const choice = { port, usualPort: DEFAULT_PORT, option: "--port", unasked: "Without --port" };
  await onFreePort(choice, (free) => {
    server.listen(free, HOST);
    return once(server, "listening");
  });
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
