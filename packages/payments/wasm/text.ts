/** The words of WebAssembly's text format that kernels use most. */

/** Of a local. */
export const get = (name: string): string => `(local.get $${name})`
export const set = (name: string, value: string): string => `(local.set $${name} ${value})`
export const add = (left: string, right: string): string => `(i32.add ${left} ${right})`
export const i32 = (value: number): string => `(i32.const ${value})`
export const increase = (name: string, by: string): string => set(name, add(get(name), by))
/** Locals of 32 bits. */
export const locals = (names: readonly string[]): string => names.map((name) => `(local $${name} i32)`).join(' ')
