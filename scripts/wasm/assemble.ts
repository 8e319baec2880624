import loadWabt from 'wabt'

/** WebAssembly that a package carries. */
export interface Kernel {
  /** Of the constant that holds it. */
  readonly name: string
  /** In WebAssembly's text format. */
  readonly text: string
  /** Absolute path of the TypeScript file that carries what is assembled from it. */
  readonly file: string
}

/** What Node runs everywhere: sixteen bytes at once, and memory that threads share. */
const features = { simd: true, threads: true }

/** The TypeScript file that carries a kernel: the assembled module in base64. */
export async function assemble({ name, text }: Kernel): Promise<string> {
  const wabt = await loadWabt()
  const module = wabt.parseWat(`${name}.wat`, text, features)
  // Its types do not know that it takes them.
  const checked: { validate(features: object): void } = module
  checked.validate(features)
  const { buffer } = module.toBinary({})
  module.destroy()
  const base64 = Buffer.from(buffer).toString('base64')
  const lines = base64.match(/.{1,110}/g)!.map((line) => `  '${line}'`)
  return `// Assembled by scripts/wasm/build.ts from the package's folder wasm: change the text there, not this.

/** A WebAssembly module in base64. */
export const ${name} =
${lines.join(' +\n')}
`
}
