import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket as NodeWebSocket } from "ws";
import { PageGdbBridge } from "../browser/gdb-bridge.js";
import { GDB_BRIDGE_PATH, GDB_BRIDGE_PROTOCOL, GdbServer } from "../gdb/index.js";
import { checksum } from "../gdb/packet.js";
import { FakeTarget } from "../gdb/test-support/fake-target.js";
import { decodeReply } from "../gdb/test-support/gdb-client.js";
import { GdbBridge } from "./gdb-bridge.js";

/** The whole way: a debugger's TCP, the bridge, a page's WebSocket, the page's server of packets. */

let bridge: GdbBridge;
let site: Server;
let origin: string;
let page: PageGdbBridge;
let target: FakeTarget;
let served: Promise<boolean>;

beforeEach(async () => {
  bridge = await GdbBridge.listen(0);
  site = createServer((_, response) => response.end());
  site.on("upgrade", bridge.handleUpgrade);
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  target = new FakeTarget();
});
afterEach(async () => {
  page?.[Symbol.dispose]();
  await bridge[Symbol.asyncDispose]();
  site.close();
  site.closeAllConnections();
});

/** Opens a page at an origin; settles when its WebSocket waits, or is refused. */
async function openPage(token = bridge.token, from = origin, path?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = new GdbServer(target, { monitorCommands: [] });
    page = new PageGdbBridge(server, origin.replace("http", "ws"), token, (address, protocols) => {
      const to = path === undefined ? address : new URL(path, address).href;
      const socket = new NodeWebSocket(to, protocols, { origin: from });
      socket.on("open", () => resolve(true));
      return socket as unknown as WebSocket;
    });
    served = page.serve();
    served.then((wasServed) => resolve(wasServed));
  });
}

/** What comes back for a packet; empty when the line ends. */
async function ask(socket: Socket, packet: string): Promise<string> {
  socket.write(packet);
  for (let answer = ""; ; ) {
    const [bytes] = await Promise.race([once(socket, "data"), once(socket, "close")]);
    if (!Buffer.isBuffer(bytes)) return answer;
    answer += bytes.toString("latin1");
    if (/#[0-9a-f]{2}$/.test(answer)) return answer;
  }
}

describe("the bridge", () => {
  it("carries packets to the page and back, one debugger after the other", async () => {
    expect(await openPage()).toBe(true);
    for (let round = 0; round < 3; round++) {
      const socket = connect(bridge.port, bridge.host);
      // The page needs a moment to open the next WebSocket: until then a debugger is turned away.
      const answer = await ask(socket, "$qC#b4");
      socket.destroy();
      if (answer === "") round--;
      else expect(answer).toBe("+$QC1#c5");
    }
    await vi.waitFor(() => expect(target.running).toBe(true));
  });

  it("carries much", async () => {
    await openPage();
    const socket = connect(bridge.port, bridge.host);
    const many = 500;
    const request = "mc0000000,400";
    const packet = `$${request}#${checksum(request)}`;
    for (let count = 0; count < many; count++) socket.write(packet);
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
    });
    const answers = () => text.match(/\$[^#]*#[0-9a-f]{2}/g) ?? [];
    await vi.waitFor(() => expect(answers()).toHaveLength(many), { timeout: 30_000 });
    // Nothing but zeros is in the memory.
    expect(new Set(answers().map(decodeReply))).toEqual(new Set(["0".repeat(0x800)]));
    socket.destroy();
  });

  it("turns a debugger away when there is no page", async () => {
    const socket = connect(bridge.port, bridge.host);
    expect(await ask(socket, "$qC#b4")).toBe("");
  });

  it("ends the debugger's line with the page, and the page's with the bridge", async () => {
    await openPage();
    const socket = connect(bridge.port, bridge.host);
    expect(await ask(socket, "$qC#b4")).toBe("+$QC1#c5");
    const closed = once(socket, "close");
    page[Symbol.dispose]();
    await closed;
    expect(await served).toBe(true);
    await vi.waitFor(() => expect(target.running).toBe(true));
  });

  it("refuses pages that do not know the token, and those of others", async () => {
    expect(await openPage("0".repeat(32))).toBe(false);
    expect(await openPage(bridge.token, "http://example.org")).toBe(false);
    expect(await openPage(bridge.token, origin, "/other")).toBe(false);
    expect(await openPage()).toBe(true);
  });

  it("refuses a name for this machine that is not its own", async () => {
    const { port } = new URL(origin);
    const socket = new NodeWebSocket(
      `${origin.replace("http", "ws")}${GDB_BRIDGE_PATH}`,
      [GDB_BRIDGE_PROTOCOL, bridge.token],
      { origin: `http://rebound.example:${port}`, headers: { host: `rebound.example:${port}` } },
    );
    const [error] = await once(socket, "error");
    expect(String(error)).toContain("403");
  });
});
