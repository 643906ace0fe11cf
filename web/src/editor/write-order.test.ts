import { beforeEach, expect, it } from "vitest";
import type { FileEvent } from "../../../emulator/browser/protocol.js";
import { WriteOrder } from "./write-order.js";

const SOURCE = "/home/student/3-locking/hello.c";
const MODULE = "/home/student/3-locking/hello.ko";

let tell: (events: readonly FileEvent[]) => void;
let order: WriteOrder;

beforeEach(() => {
  order = new WriteOrder({
    onFiles: (listener) => {
      tell = listener;
      return { [Symbol.dispose]: () => undefined };
    },
  });
});

function happens(path: string, change: FileEvent["change"]): void {
  tell([{ path, change, origin: "guest" }]);
}

it("goes by what was written last", () => {
  expect(order.isOlder(MODULE, SOURCE, false)).toBe(false);
  happens(SOURCE, "written");
  expect(order.isOlder(MODULE, SOURCE, true)).toBe(true);
  happens(MODULE, "written");
  expect(order.isOlder(MODULE, SOURCE, true)).toBe(false);
  happens(SOURCE, "written");
  // Also when that was to put it back to what the course has.
  expect(order.isOlder(MODULE, SOURCE, false)).toBe(true);
});

it("says nothing of what was written before", () => {
  expect(order.isOlder(MODULE, SOURCE, true)).toBe(false);
});

it("trusts the course's module when the course's text is back", () => {
  happens(SOURCE, "written");
  happens(SOURCE, "written");
  expect(order.isOlder(MODULE, SOURCE, false)).toBe(false);
});

it("takes what was removed for never made", () => {
  happens(SOURCE, "written");
  happens(MODULE, "written");
  happens(MODULE, "removed");
  expect(order.isOlder(MODULE, SOURCE, true)).toBe(true);
});
