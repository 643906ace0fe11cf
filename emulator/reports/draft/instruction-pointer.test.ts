import { expect, it } from "vitest";
import { readInstructionPointer } from "./instruction-pointer.js";

it.each([
  [
    "RIP: 0010:hello_write+0x35/0x60 [hello]",
    {
      mode: "kernel",
      bits: 64,
      opensRegisters: true,
      place: { symbol: "hello_write", module: "hello", role: "instruction" },
    },
  ],
  [
    "RIP: e030:xen_hypercall_sched_op+0xa/0x20",
    { mode: "kernel", place: { symbol: "xen_hypercall_sched_op" } },
  ],
  ["RIP: 0033:0x7f4912559504", { mode: "user", place: undefined }],
  [
    "RIP: 0010:[<ffffffffa0001012>]  [<ffffffffa0001012>] hello_write+0x35/0x60 [hello]",
    {
      mode: "kernel",
      opensRegisters: true,
      place: { symbol: "hello_write", address: 0xffffffffa0001012n },
    },
  ],
  [
    "RIP  [<ffffffffa0001012>] hello_write+0x35/0x60 [hello]",
    { opensRegisters: false, place: { symbol: "hello_write" } },
  ],
  [
    "RIP: hello_write+0x35/0x60 [hello] RSP: ffff8801c247f598",
    { opensRegisters: false, place: { symbol: "hello_write", module: "hello" } },
  ],
  [
    "IP: [<ffffffffa0001012>] hello_write+0x35/0x60 [hello]",
    { opensRegisters: false, place: { symbol: "hello_write" } },
  ],
  ["IP:           (null)", { place: { symbol: undefined, address: 0n } }],
  ["RIP: 0010:0x0", { place: { symbol: undefined, address: 0n } }],
  ["RIP: 0010:0xffffffffc0123456", { place: { symbol: undefined, address: 0xffffffffc0123456n } }],
  [
    "EIP: hello_write+0x35/0x60 [hello]",
    { mode: "kernel", bits: 32, opensRegisters: true, place: { symbol: "hello_write" } },
  ],
  [
    "EIP: 0060:[<f8c01035>] EFLAGS: 00010282 CPU: 0",
    {
      mode: "kernel",
      bits: 32,
      opensRegisters: true,
      place: { symbol: undefined, address: 0xf8c01035n },
    },
  ],
  [
    "EIP is at hello_write+0x35/0x60 [hello]",
    { bits: 32, opensRegisters: false, place: { symbol: "hello_write" } },
  ],
  ["EIP: 0xb7fff549", { mode: "user" }],
])("%s", (line, expected) => {
  expect(readInstructionPointer(line)).toMatchObject(expected);
});

it("is none in other lines", () => {
  for (const line of [
    "IPv6: ADDRCONF(NETDEV_UP): eth0: link is not ready",
    "RSP: 0018:ffffc90000197e50 EFLAGS: 00010246",
    "RIPng is a protocol",
    "IP: routing cache hash table of 1024 buckets",
  ]) {
    expect(readInstructionPointer(line), line).toBeUndefined();
  }
});
