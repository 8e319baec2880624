import loadWabt from 'wabt'

/** The TypeScript file that carries a WebAssembly text: the assembled module in base64. */
export async function assemble({ name, text }: { readonly name: string; readonly text: string }): Promise<string> {
  const wabt = await loadWabt()
  const module = wabt.parseWat(`${name}.wat`, text, { simd: true })
  module.validate()
  const { buffer } = module.toBinary({})
  module.destroy()
  const base64 = Buffer.from(buffer).toString('base64')
  const lines = base64.match(/.{1,110}/g)!.map((line) => `  '${line}'`)
  return `// Assembled by packages/payments/wasm/build.ts: change the text there, not this.

/** A WebAssembly module in base64. */
export const ${name} =
${lines.join(' +\n')}
`
}
