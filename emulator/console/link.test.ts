import { describe, expect, it } from "vitest";
import { junk, randomNoise } from "./test-support/noise.js";
import { Random } from "./test-support/random.js";
import { flood } from "./test-support/reference-agent.js";
import { SimulatedGuest } from "./test-support/simulated-guest.js";
import { noNoise } from "./test-support/simulated-line.js";

const SEEDS = Array.from({ length: 6 }, (_, index) => index + 1);

describe("the link", () => {
  describe.each([
    { name: "towards the host", toHost: 10, toGuest: 0 },
    { name: "towards the guest", toHost: 0, toGuest: 10 },
    { name: "in both directions", toHost: 6, toGuest: 6 },
  ])("repairs noise $name", ({ toHost, toGuest }) => {
    it.each(SEEDS)("(seed %i)", async (seed) => {
      const guest = await SimulatedGuest.connected();
      const random = new Random(seed);
      guest.line.noiseToHost = toHost > 0 ? randomNoise(random, toHost) : noNoise;
      guest.line.noiseToGuest = toGuest > 0 ? randomNoise(random, toGuest) : noNoise;

      const input = random.bytes(20_000);
      const [cat, floods, pings] = await Promise.all([
        guest.run(["cat"], { stdin: input }),
        guest.run(["flood", "30000"]),
        guest.timers.until(Promise.all([1, 2, 3].map(() => guest.control.ping()))),
      ]);
      expect(cat.stdout).toEqual(input);
      expect(floods.stdout).toEqual(flood(30_000));
      expect(pings).toHaveLength(3);
    });
  });

  it("is not disturbed by junk that a program writes to the line", async () => {
    const guest = await SimulatedGuest.connected();
    const random = new Random(7);
    const noisy = (): void => {
      guest.line.junkToHost(junk(random));
      guest.timers.after(3, noisy);
    };
    noisy();
    const { stdout } = await guest.run(["flood", "50000"]);
    expect(stdout).toEqual(flood(50_000));
  });

  it("repairs a lost frame within a few round trips, not after a timeout", async () => {
    const guest = await SimulatedGuest.connected();
    let writes = 0;
    guest.line.noiseToHost = (bytes) => (writes++ === 5 ? bytes.slice(0, 20) : bytes);
    const start = guest.timers.now();
    const { stdout } = await guest.run(["flood", "20000"]);
    expect(stdout).toEqual(flood(20_000));
    expect(guest.timers.now() - start).toBeLessThan(30);
  });

  it("goes on past the end of the sequence numbers", async () => {
    const guest = await SimulatedGuest.connected();
    for (let round = 0; round < 70; round++) {
      await guest.timers.until(
        Promise.all(Array.from({ length: 1000 }, () => guest.control.ping())),
      );
    }
    expect(guest.control.connected).toBe(true);
  }, 20_000);

  it("never has more outstanding than the guest's terminal buffer holds", async () => {
    const guest = await SimulatedGuest.connected();
    guest.line.guestIsStuck = true;
    const before = guest.line.bytesToGuest;
    const input = new Random(1).bytes(100_000);
    const command = guest.control.exec({ argv: ["cat"] }, { stdin: input });
    const pings = Array.from({ length: 500 }, () => guest.control.ping());
    await guest.timers.advance(20_000);
    expect(guest.line.bytesToGuest - before).toBeLessThan(4096);

    guest.line.unstick();
    expect(await guest.timers.until(command.exit)).toMatchObject({ kind: "exited", code: 0 });
    await guest.timers.until(Promise.all(pings));
  });

  it("sends nothing twice to a guest that is only slow", async () => {
    const guest = await SimulatedGuest.connected();
    guest.line.guestIsStuck = true;
    const ping = guest.control.ping();
    await guest.timers.advance(4000);
    const whileStuck = guest.line.bytesToGuest;
    guest.line.unstick();
    expect(await guest.timers.until(ping)).toBeGreaterThan(4000);
    // A handful of questions and one acknowledgement.
    expect(whileStuck).toBeLessThan(150);
    expect(guest.line.bytesToGuest - whileStuck).toBeLessThan(30);
  });

  it("gives up a guest that does not answer, and says so", async () => {
    const guest = await SimulatedGuest.connected();
    const reasons: string[] = [];
    guest.control.onLost(({ code }) => reasons.push(code));
    guest.line.noiseToGuest = () => new Uint8Array();
    const ping = guest.control.ping();
    const command = guest.control.exec({ argv: ["cat"] }, { stdin: "open" });
    await guest.timers.advance(29_000);
    expect(guest.control.connected).toBe(true);
    await expect(guest.timers.until(ping)).rejects.toMatchObject({ code: "control-line-lost" });
    await expect(command.pid).rejects.toMatchObject({ code: "control-line-lost" });
    await expect(command.exit).rejects.toMatchObject({ code: "control-line-lost" });
    expect(reasons).toEqual(["control-line-lost"]);

    guest.line.noiseToGuest = noNoise;
    await guest.timers.until(guest.control.connect());
    expect((await guest.run(["echo", "again"])).stdout).toEqual(new TextEncoder().encode("again"));
  });

  it("does not count time that does not pass", async () => {
    const guest = await SimulatedGuest.connected();
    guest.line.guestIsStuck = true;
    const ping = guest.control.ping();
    // A paused guest's clock stands still, however long the host waits.
    await guest.timers.advance(0);
    guest.line.unstick();
    expect(await guest.timers.until(ping)).toBeLessThan(10);
  });

  it("acknowledges a long output sparsely", async () => {
    const guest = await SimulatedGuest.connected();
    const before = guest.line.bytesToGuest;
    await guest.run(["flood", "700000"]);
    // 1000 messages, each 8 of them acknowledged with 9 bytes or a little more.
    expect(guest.line.bytesToGuest - before).toBeLessThan(2000);
  });
});
