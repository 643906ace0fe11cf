import { expect, it } from "vitest";
import { DataSymbols } from "./data-symbols.js";

const MAP = `c1000000 T _text
c1700000 D init_task
c1700040 d rtc_lock
c1700050 b jiffies_lock
c1700060 D __start_rodata
c1700100 B _end_of_it
c7825000 d hello_lock\t[hello]`;

it("names an address by the variable in front of it", () => {
  const symbols = new DataSymbols(MAP);
  expect(symbols.find(0xc1700040n)).toEqual({ name: "rtc_lock", offset: 0 });
  expect(symbols.find(0xc1700044n)).toEqual({ name: "rtc_lock", offset: 4 });
  expect(symbols.find(0xc1700068n)).toEqual({ name: "jiffies_lock", offset: 0x18 });
});

it("knows nothing in front of the first and behind the last, nor of modules", () => {
  const symbols = new DataSymbols(MAP);
  expect(symbols.find(0xc1000000n)).toBeUndefined();
  expect(symbols.find(0xc1700104n)).toBeUndefined();
  expect(symbols.find(0xc7825000n)).toBeUndefined();
  expect(new DataSymbols("").find(0n)).toBeUndefined();
});
