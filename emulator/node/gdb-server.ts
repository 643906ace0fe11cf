import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { ByteTransport, GdbServer } from "../gdb/index.js";

/** Whoever debugs a machine owns it: nobody but this machine's users may. */
const HOST = "127.0.0.1";

/** A server that listens; closing it ends the debugger's line, too. */
export interface GdbListener extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/**
 * Offers a debugger's target on this machine's loopback address.
 * @param port 0 takes any that is free.
 * @throws the system's error (rejects) when the port cannot be used.
 */
export async function listenForGdb(server: GdbServer, port: number): Promise<GdbListener> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Packets are small, and each waits for its answer.
    socket.setNoDelay(true);
    void server.serve(socketTransport(socket));
  });
  listener.listen(port, HOST);
  await once(listener, "listening");
  return {
    host: HOST,
    port: (listener.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(listener, "close");
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function socketTransport(socket: Socket): ByteTransport {
  // What ends the line ends the loop over its input; there is nobody else to tell.
  socket.on("error", () => undefined);
  return {
    // Destroyed with the loop over it, the last answer would not go out.
    input: socket.iterator({ destroyOnReturn: false }),
    async write(bytes) {
      if (socket.destroyed || socket.write(bytes)) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          socket.off("drain", done).off("close", done);
          resolve();
        };
        socket.on("drain", done).on("close", done);
      });
    },
    close: () => void socket.end(() => socket.destroy()),
  };
}
