import { effect, signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { type Layout, type Pane, Panes } from "./panes.js";

function shown(layout: Layout, ...asked: Pane[]): Pane[] {
  const panes = new Panes();
  panes.setLayout(layout);
  for (const pane of asked) panes.show(pane);
  return [...panes.shown.value].sort();
}

describe("what is shown at first", () => {
  it.each([
    ["narrow", ["course"]],
    ["medium", ["course", "terminal"]],
    ["wide", ["course", "editor", "terminal"]],
    ["full", ["course", "editor", "kernel", "terminal"]],
  ] as const)("%s", (layout, panes) => {
    expect(shown(layout)).toEqual(panes);
  });
});

it("is the one of each group that was asked for last", () => {
  expect(shown("narrow", "editor", "kernel")).toEqual(["kernel"]);
  expect(shown("medium", "kernel", "terminal")).toEqual(["kernel", "terminal"]);
  expect(shown("wide", "kernel", "terminal")).toEqual(["course", "kernel", "terminal"]);
  expect(shown("wide", "kernel", "editor")).toEqual(["course", "editor", "terminal"]);
});

it("stays the same when the window changes and changes back", () => {
  const panes = new Panes();
  panes.setLayout("wide");
  panes.show("kernel");
  panes.setLayout("narrow");
  expect([...panes.shown.value]).toEqual(["kernel"]);
  panes.show("terminal");
  panes.setLayout("wide");
  expect(panes.shown.value.has("kernel")).toBe(true);
});

it("has tabs only where panes share a place", () => {
  const panes = new Panes();
  const tabs = (["narrow", "medium", "wide", "full"] as const).map((layout) => {
    panes.setLayout(layout);
    return panes.tabs.value.length;
  });
  expect(tabs).toEqual([4, 3, 2, 0]);
});

it("lets a person leave what an effect has shown", () => {
  const panes = new Panes();
  const target = signal("hello.c");
  const stop = effect(() => {
    if (target.value !== "") panes.show("editor");
  });
  panes.show("kernel");
  expect(panes.shown.value.has("kernel")).toBe(true);
  target.value = "hello-test.c";
  expect(panes.shown.value.has("editor")).toBe(true);
  stop();
});
