import { beforeEach, expect, it } from "vitest";
import { ArrivedShare } from "./arrived-share.js";
import { makeShareLink, openShareFragment } from "./share-link.js";

const FOLDER = { name: "ring", files: [{ path: "ring.c", text: "int x;" }] };
const LINK = new URL(makeShareLink("https://example.org/", FOLDER).address).hash;

let address: { fragment: string; clear: () => void };
let share: ArrivedShare;

beforeEach(() => {
  address = {
    fragment: "",
    clear: () => {
      address.fragment = "";
    },
  };
  share = new ArrivedShare(address, async () => openShareFragment);
});

it("is there until it is decided on, and then gone from the address", async () => {
  address.fragment = LINK;
  await share.look();
  expect(share.arrived.value).toEqual({ kind: "folder", folder: FOLDER });
  expect(address.fragment).toBe(LINK);
  share.decided();
  expect(share.arrived.value).toBeUndefined();
  expect(address.fragment).toBe("");
  await share.look();
  expect(share.arrived.value).toBeUndefined();
});

it("takes the place of one that came before", async () => {
  address.fragment = LINK;
  const first = share.look();
  address.fragment = "#share=7.abcd";
  await Promise.all([first, share.look()]);
  expect(share.arrived.value).toMatchObject({
    kind: "problem",
    message: expect.stringContaining("another version of kspace"),
  });
});

it("leaves other fragments alone", async () => {
  address.fragment = "#top";
  await share.look();
  expect(share.arrived.value).toBeUndefined();
  share.decided();
  expect(address.fragment).toBe("#top");
});

it("says so when what opens it does not come", async () => {
  const alone = new ArrivedShare(address, () => Promise.reject(new TypeError("Failed to fetch")));
  address.fragment = LINK;
  await alone.look();
  expect(alone.arrived.value).toMatchObject({
    kind: "problem",
    message: expect.stringContaining("online"),
  });
});
