import { fileURLToPath } from 'node:url'
import type { Kernel } from '../../../scripts/wasm/assemble.ts'
import { annealText } from './anneal.ts'

/** Every kernel of the package. */
export const kernels: readonly Kernel[] = [
  {
    name: 'annealWasm',
    text: annealText,
    file: fileURLToPath(new URL('../src/optimise/search/kernel/anneal.wasm.ts', import.meta.url)),
  },
]
