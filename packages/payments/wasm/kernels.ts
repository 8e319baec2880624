import { fileURLToPath } from 'node:url'
import type { Kernel } from '../../../scripts/wasm/assemble.ts'
import { joinText } from './join.ts'
import { linesText } from './lines.ts'
import { matchIdsText } from './match-ids.ts'
import { restText } from './rest.ts'
import { rowsText } from './rows.ts'
import { tableText } from './table.ts'

/** Every kernel of the package. */
export const kernels: readonly Kernel[] = [
  {
    name: 'rowsWasm',
    text: rowsText,
    file: fileURLToPath(new URL('../src/reconcile/files/rows.wasm.ts', import.meta.url)),
  },
  {
    name: 'joinWasm',
    text: joinText,
    file: fileURLToPath(new URL('../src/reconcile/files/join.wasm.ts', import.meta.url)),
  },
  {
    name: 'restWasm',
    text: restText,
    file: fileURLToPath(new URL('../src/reconcile/rest/rest.wasm.ts', import.meta.url)),
  },
  {
    name: 'linesWasm',
    text: linesText,
    file: fileURLToPath(new URL('../src/reconcile/rest/lines.wasm.ts', import.meta.url)),
  },
  {
    name: 'matchIdsWasm',
    text: matchIdsText,
    file: fileURLToPath(new URL('../src/reconcile/rest/match-ids.wasm.ts', import.meta.url)),
  },
  {
    name: 'tableWasm',
    text: tableText,
    file: fileURLToPath(new URL('../src/reconcile/rest/table.wasm.ts', import.meta.url)),
  },
]
