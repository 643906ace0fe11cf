/**
 * Browsers have `Symbol.dispose` since 2025 (Firefox 141, Chrome 134; Safari not yet). Without it
 * all methods of that name, of either kind, would share the name "undefined". To be imported
 * before all others.
 */
for (const name of ["dispose", "asyncDispose"] as const) {
  if (Symbol[name] === undefined) {
    Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) });
  }
}
