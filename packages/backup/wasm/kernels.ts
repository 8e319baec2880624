import { fileURLToPath } from 'node:url'
import type { Kernel } from '../../../scripts/wasm/assemble.ts'
import { chunkersText } from './chunkers.ts'
import { poly1305Text } from './poly1305.ts'

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url))

/** Every kernel of the package. */
export const kernels: readonly Kernel[] = [
  { name: 'poly1305Wasm', text: poly1305Text, file: source('seal/poly1305.wasm.ts') },
  { name: 'chunkersWasm', text: chunkersText, file: source('chunking/chunkers.wasm.ts') },
]
