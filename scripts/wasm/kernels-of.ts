import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kernel } from './assemble.ts'

/**
 * The kernels of a package, by the file below `src` that carries each: what stands under `seal/poly1305` is `poly1305Wasm` in
 * `src/seal/poly1305.wasm.ts`. `url` is that of the package's `wasm/kernels.ts`.
 */
export function kernelsOf(url: string, texts: Readonly<Record<string, string>>): readonly Kernel[] {
  return Object.entries(texts).map(([path, text]) => ({
    name: `${basename(path).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Wasm`,
    text,
    file: fileURLToPath(new URL(`../src/${path}.wasm.ts`, url)),
  }))
}
