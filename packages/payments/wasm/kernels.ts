import { fileURLToPath } from 'node:url'
import type { Kernel } from '../../../scripts/wasm/assemble.ts'
import { rowsText } from './rows.ts'

/** Every kernel of the package. */
export const kernels: readonly Kernel[] = [
  {
    name: 'rowsWasm',
    text: rowsText,
    file: fileURLToPath(new URL('../src/reconcile/files/rows.wasm.ts', import.meta.url)),
  },
]
