/** What the two ends of a bridge between a debugger and a page agree on. */

/** Where a page's server takes the WebSocket. */
export const GDB_BRIDGE_PATH = "/gdb";
/** Names the WebSocket's protocol; the token follows it. */
export const GDB_BRIDGE_PROTOCOL = "kspace-gdb";
