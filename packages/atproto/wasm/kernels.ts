import { fileURLToPath } from 'node:url'
import type { Kernel } from '../../../scripts/wasm/assemble.ts'
import { k256Text } from './k256.ts'

/** Every kernel of the package. */
export const kernels: readonly Kernel[] = [
  {
    name: 'k256Wasm',
    text: k256Text,
    file: fileURLToPath(new URL('../src/crypto/k256/k256.wasm.ts', import.meta.url)),
  },
]
