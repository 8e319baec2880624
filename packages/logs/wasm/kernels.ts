import { fileURLToPath } from 'node:url'
import type { Kernel } from '../../../scripts/wasm/assemble.ts'
import { linesText } from './lines.ts'
import { searchText } from './search.ts'
import { tokensText } from './tokens.ts'

/** Every kernel of the package. */
export const kernels: readonly Kernel[] = [
  {
    name: 'linesWasm',
    text: linesText,
    file: fileURLToPath(new URL('../src/store/line/lines.wasm.ts', import.meta.url)),
  },
  {
    name: 'searchWasm',
    text: searchText,
    file: fileURLToPath(new URL('../src/store/segment/search.wasm.ts', import.meta.url)),
  },
  {
    name: 'tokensWasm',
    text: tokensText,
    file: fileURLToPath(new URL('../src/store/tokens/tokens.wasm.ts', import.meta.url)),
  },
]
