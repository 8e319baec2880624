import loadWabt from 'wabt'
import type { Kernel } from './kernels.ts'

/** The TypeScript file that carries a kernel: the assembled module in base64. */
export async function assemble({ name, text }: Pick<Kernel, 'name' | 'text'>): Promise<string> {
  const wabt = await loadWabt()
  const module = wabt.parseWat(`${name}.wat`, text, { simd: true })
  module.validate()
  const { buffer } = module.toBinary({})
  module.destroy()
  const base64 = Buffer.from(buffer).toString('base64')
  const lines = base64.match(/.{1,110}/g)!.map((line) => `  '${line}'`)
  return `// Assembled by packages/backup/wasm/build.ts: change the text there, not this.

/** A WebAssembly module in base64. */
export const ${name} =
${lines.join(' +\n')}
`
}
