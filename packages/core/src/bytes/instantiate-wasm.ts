/** The part of WebAssembly that is used here; Node's own types leave it to the browser's. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/**
 * An instance of a WebAssembly module; undefined where the machine cannot run it, for want of WebAssembly or of an extension that
 * the module uses.
 *
 * @param base64 The module's bytes.
 * @param imports What it imports, by module and name. @default nothing: its memory is its own
 * @example
 * ```ts
 * import { instantiateWasm } from '@exprsn/core/bytes'
 *
 * // (module (func (export "answer") (result i32) i32.const 42))
 * const module = 'AGFzbQEAAAABBQFgAAF/AwIBAAcKAQZhbnN3ZXIAAAoGAQQAQSoL'
 * console.log(instantiateWasm<{ answer(): number }>(module)?.answer()) // 42
 * ```
 */
export function instantiateWasm<Exports>(base64: string, imports: object = {}): Exports | undefined {
  try {
    const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike }
    return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(base64, 'base64')), imports).exports as Exports
  } catch {
    return undefined
  }
}
