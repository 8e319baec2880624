/** The part of WebAssembly that is used here; Node's own types leave it to the browser's. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** An instance of a module in base64, or undefined where the machine cannot run it. */
export function instantiate<Exports>(base64: string): Exports | undefined {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyLike }
  try {
    if (WebAssembly === undefined) return undefined
    return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(base64, 'base64'))).exports as Exports
  } catch {
    return undefined
  }
}
