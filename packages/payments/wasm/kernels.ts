import { fileURLToPath } from 'node:url'
import { rowsText } from './rows.ts'

/** The kernel's name, its text, and the TypeScript file that carries what is assembled from it. */
export const rowsKernel = {
  name: 'rowsWasm',
  text: rowsText,
  file: fileURLToPath(new URL('../src/reconcile/files/rows.wasm.ts', import.meta.url)),
}
