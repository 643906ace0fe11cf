import { expect, it } from "vitest";
import { cacheFolder } from "./cache-folder.js";

it("is where each system keeps what can be made anew", () => {
  const HOME = "/home/me";
  expect(cacheFolder({ HOME }, "linux")).toBe("/home/me/.cache/kspace");
  expect(cacheFolder({ HOME, XDG_CACHE_HOME: "/var/cache/me" }, "linux")).toBe(
    "/var/cache/me/kspace",
  );
  expect(cacheFolder({ HOME, XDG_CACHE_HOME: "cache" }, "linux")).toBe("/home/me/.cache/kspace");
  expect(cacheFolder({ HOME }, "darwin")).toBe("/home/me/Library/Caches/kspace");
});
