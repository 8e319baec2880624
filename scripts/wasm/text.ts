/** Pieces of WebAssembly's text format that kernels are written with. */

export const get = (name: string) => `(local.get $${name})`
export const set = (name: string, value: string) => `(local.set $${name} ${value})`
export const i32 = (value: number) => `(i32.const ${value})`
export const add = (left: string, right: string) => `(i32.add ${left} ${right})`
export const subtract = (left: string, right: string) => `(i32.sub ${left} ${right})`
export const times = (factor: number, value: string) => `(i32.mul ${value} ${i32(factor)})`
export const increase = (name: string, by: string | number) =>
  set(name, add(get(name), typeof by === 'number' ? i32(by) : by))
export const locals = (type: 'i32' | 'i64' | 'f64' | 'v128', ...names: readonly string[]) =>
  names.map((name) => `(local $${name} ${type})`).join(' ')
export const parameters = (...names: readonly string[]) => names.map((name) => `(param $${name} i32)`).join(' ')
export const when = (condition: string, ...then: readonly string[]) => `(if ${condition} (then ${then.join('\n')}))`
/** Does something again and again as long as a condition holds; `name` is unique in its function. */
export const loopWhile = (name: string, condition: string, ...body: readonly string[]) =>
  `(block $${name}End (loop $${name} (br_if $${name}End (i32.eqz ${condition})) ${body.join('\n')} (br $${name})))`
export const splat = (byte: number) => `(i8x16.splat ${i32(byte)})`
/** Bytes of `value` that are `from` or one of the `count` behind it. */
export const inRange = (value: string, from: number, count: number) =>
  `(i8x16.lt_u (i8x16.sub ${value} ${splat(from)}) ${splat(count)})`
