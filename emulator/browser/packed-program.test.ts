/** A program that is compiled at the other end of a port, in the same thread here. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { compileFromPort } from "./compile-from-port.js";
import { PackedProgram } from "./packed-program.js";
import { TINY_PROGRAM } from "./test-support/tiny-program.js";

let program: PackedProgram;
let compiled: Promise<void>;
let there: MessagePort;

beforeEach(() => {
  const { port1, port2 } = new MessageChannel();
  there = port2;
  program = new PackedProgram(port1);
  compiled = compileFromPort(port2);
});

afterEach(() => {
  program.fail(new Error("the test is over"));
  there.close();
});

function write(bytes: Uint8Array, pieces = 10): void {
  for (let at = 0; at < bytes.length; at += pieces) program.write(bytes.slice(at, at + pieces));
}

it("is compiled while it comes, and whoever has its pieces keeps them", async () => {
  const piece = TINY_PROGRAM.slice();
  program.write(piece);
  program.end();
  expect(WebAssembly.Module.exports(await program.program)).toEqual([]);
  expect(piece.length).toBe(TINY_PROGRAM.length);
});

it("that is damaged is refused", async () => {
  const damaged = TINY_PROGRAM.slice();
  damaged[28] = 0;
  write(damaged);
  program.end();
  await expect(program.program).rejects.toThrow("error code");
});

it("that is something else is refused", async () => {
  write(new TextEncoder().encode("<!doctype html> of a server that has no such file"));
  await expect(program.program).rejects.toThrow("error code");
});

it("that is too short is refused", async () => {
  write(TINY_PROGRAM.subarray(0, 20));
  program.end();
  await expect(program.program).rejects.toThrow();
});

it("that breaks off ends at both sides", async () => {
  write(TINY_PROGRAM.subarray(0, 20));
  program.abort();
  await expect(program.program).rejects.toThrow("it was not downloaded");
  await compiled;
});

it("whose thread is no more fails, also for who asks later", async () => {
  program.fail(new Error("no memory"));
  await expect(program.program).rejects.toThrow("no memory");
  program.write(TINY_PROGRAM);
  await expect(program.program).rejects.toThrow("no memory");
});
