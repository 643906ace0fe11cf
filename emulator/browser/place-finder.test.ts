import { expect, it, vi } from "vitest";
import { PlaceFinder } from "./place-finder.js";

const PLACES: ReadonlyMap<number | bigint, string> = new Map([
  [0xc1200012, "_raw_spin_lock+0x12"],
  [0xc7824095, "hello_write+0x5 [hello]"],
]);

/** A lab that knows its places once the symbols are read. */
function labWith(read: () => Promise<void>) {
  let isRead = false;
  const readSymbols = vi.fn(async () => {
    await read();
    isRead = true;
  });
  const codePlace = (address: number | bigint) => (isRead ? PLACES.get(address) : undefined);
  return { readSymbols, codePlace };
}

it("names places when the symbols are there, and says when that is", async () => {
  const lab = labWith(async () => undefined);
  const places = new PlaceFinder(lab);
  expect(places.find(0xc1200012)).toBeUndefined();
  expect(lab.readSymbols).not.toHaveBeenCalled();
  const changed = new Promise<void>((resolve) => {
    places.onChange(resolve);
  });
  places.load();
  places.load();
  await changed;
  expect(lab.readSymbols).toHaveBeenCalledTimes(1);
  expect(places.find(0xc1200012)).toBe("_raw_spin_lock+0x12");
  expect(places.find(0xc7824095)).toBe("hello_write+0x5 [hello]");
  expect(places.find(0xd0000000)).toBe("0xd0000000");
});

it("names places also when others have read the symbols", async () => {
  const lab = labWith(async () => undefined);
  const places = new PlaceFinder(lab);
  await lab.readSymbols();
  expect(places.find(0xc1200012)).toBe("_raw_spin_lock+0x12");
});

it("does not try again at once what has failed", async () => {
  const lab = labWith(async () => {
    throw new Error("offline");
  });
  const places = new PlaceFinder(lab);
  places.load();
  await new Promise((resolve) => setImmediate(resolve));
  places.load();
  expect(lab.readSymbols).toHaveBeenCalledTimes(1);
  expect(places.find(0xc1200012)).toBeUndefined();
});
